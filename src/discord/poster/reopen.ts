import { type APIThreadChannel, Routes } from 'discord-api-types/v10'
import type { Api } from './api.ts'

/**
 * Opens an archived thread again: nothing in it can be changed before. One that was locked as well is left as it is, for a person wants it so.
 * @returns whether it is open. Throws what Discord answers.
 */
export async function reopen(api: Api, threadId: string): Promise<boolean> {
  const { thread_metadata } = await api.request<APIThreadChannel>('get', Routes.channel(threadId))
  if (thread_metadata?.locked) return false
  if (thread_metadata?.archived) await api.request('patch', Routes.channel(threadId), { body: { archived: false } })
  return true
}
