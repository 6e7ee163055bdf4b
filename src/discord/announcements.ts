import { Routes } from 'discord-api-types/v10'
import type { Run } from '../core/run.ts'
import { shorten } from '../core/shorten.ts'
import { LONGEST_CONTENT } from '../core/split.ts'
import type { Store } from '../core/store.ts'
import type { Log } from '../engine/ports.ts'
import type { Api } from './poster/api.ts'
import { troubleOf } from './poster/trouble.ts'

/** The message in the channel from which a run's thread hangs: it can be edited when the thread is locked or gone, and its panel cannot. */
export interface Announcements {
  /** Adds a line to it, in place of the one before; null: its own words alone. A forum post has none, and nothing happens. */
  note(run: Run, line: string | null): Promise<void>
}

export function makeAnnouncements({ api, store, log }: { api: Api; store: Store; log: Log }): Announcements {
  const added = new Map<string, string>()

  async function edit(run: Run, line: string): Promise<void> {
    const announced = (await store.delivered(run.id)).find(({ body }) => body.kind === 'announce')
    if (announced?.body.kind !== 'announce' || !announced.message_id || run.channel_id === null) return
    const tail = line === '' ? '' : `\n-# ${shorten(line.replaceAll(/\s+/g, ' '), 500)}`
    const content = shorten(announced.body.text, LONGEST_CONTENT - tail.length) + tail
    try {
      const route = Routes.channelMessage(run.channel_id, announced.message_id)
      await api.request('patch', route, { body: { content, allowed_mentions: { parse: [] } } })
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble.kind === 'later') throw error
      log.debug({ run: run.id, reason: trouble.text }, 'an announcement cannot be edited')
    }
  }

  return {
    async note(run, line) {
      const key = `announcement:${run.id}`
      const before = added.get(run.id) ?? (await store.fact(key)) ?? ''
      added.set(run.id, before)
      if (before === (line ?? '')) return
      // Noted before: after a crash between the two it is taken off all the same.
      if (line !== null) await store.setFact(key, line)
      await edit(run, line ?? '')
      if (line === null) await store.setFact(key, null)
      added.set(run.id, line ?? '')
    },
  }
}
