import { type APIMessage, type RESTGetAPIChannelMessagesResult, Routes } from 'discord-api-types/v10'
import type { Api } from './api.ts'
import { laterId } from './snowflake.ts'

const PAGE = 100
/** A thread in which people said more than this since does not answer the question any more. */
const MOST_PAGES = 20

/** The first message after `after` that fits, oldest first. A thread or channel that is not there has none. */
export async function findAfter(
  api: Api,
  channelId: string,
  after: string,
  fits: (message: APIMessage) => Promise<boolean>,
): Promise<APIMessage | null> {
  let from = after
  for (let page = 0; page < MOST_PAGES; page++) {
    const messages = await api.request<RESTGetAPIChannelMessagesResult>('get', Routes.channelMessages(channelId), {
      query: { after: from, limit: PAGE },
    })
    for (const message of messages.toReversed()) {
      if (await fits(message)) return message
      from = laterId(from, message.id)
    }
    if (messages.length < PAGE) return null
  }
  return null
}
