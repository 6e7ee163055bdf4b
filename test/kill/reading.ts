import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MessageFlags } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { unsplit } from '../../src/core/split.ts'
import type { Message, Town } from './town.ts'

interface Kept {
  run_id: string
  turn_index: number
  name: string
  text: string
  dropped_at: number | null
}

export interface KeptRun {
  id: string
  thread_id: string
  status: string
  end_reason: string | null
  next_index: number
}

export interface KeptDelivery {
  run_id: string
  turn_index: number | null
  kind: string
  message_id: string | null
  lost: string | null
}

interface StoreNow {
  runs: KeptRun[]
  /** Those that a rewind dropped included. */
  turns: Kept[]
  /** What is done, in order. */
  deliveries: KeptDelivery[]
  owed: number
  previews: number
}

/** What the bot's store says, read beside it. */
export function storeOf(town: Town): StoreNow {
  const db = new DatabaseSync(join(town.dataDir, 'backrooms.db'), { readOnly: true })
  try {
    const all = (sql: string) => db.prepare(sql).all() as never[]
    return {
      runs: all('select id, thread_id, status, end_reason, next_index from runs order by created_at'),
      turns: all('select run_id, turn_index, name, text, dropped_at from turns order by run_id, turn_index'),
      deliveries: all(
        "select run_id, turn_index, json_extract(body, '$.kind') as kind, message_id, lost from deliveries where done_at is not null order by seq",
      ),
      owed: all('select 1 from deliveries where done_at is null').length,
      previews: all('select 1 from previews').length,
    }
  } finally {
    db.close()
  }
}

/**
 * Holds every thread against the store: each committed turn is there exactly once, in order, character for character, nothing half-written
 * stands beside it, the last message is the end notice, the panel says that the run has ended, and there is one thread a run.
 */
export async function expectThreadsTrue(town: Town): Promise<void> {
  const { runs, turns, deliveries, owed, previews } = storeOf(town)
  expect({ owed, previews }).toEqual({ owed: 0, previews: 0 })
  expect(deliveries.filter(({ lost }) => lost !== null)).toEqual([])
  const threads = await town.threads()
  expect(threads.map((thread) => thread.id).sort()).toEqual(runs.map((run) => run.thread_id).sort())
  for (const run of runs) {
    const messages = (await town.messages(run.thread_id)).filter(isPublic)
    const own = turns.filter((turn) => turn.run_id === run.id)
    expect(own.map((turn) => turn.turn_index)).toEqual(own.map((_, at) => at))
    const pieces = deliveries.filter(({ run_id, kind }) => run_id === run.id && kind === 'turn')
    const spoken = messages.filter((message) => message.webhook_id)
    expect(
      spoken.map(({ id }) => id),
      `thread of run ${run.id}`,
    ).toEqual(pieces.map(({ message_id }) => message_id))
    expect(said(pieces, spoken), `thread of run ${run.id}`).toEqual(own.map(({ name, text }) => ({ name, text })))
    const notices = messages.filter((message) => !message.webhook_id && message.content.includes('This run has ended'))
    expect(notices).toHaveLength(1)
    expect(messages.at(-1)?.id).toBe(notices[0]?.id)
    const panels = messages.filter((message) => message.embeds.length > 0)
    expect(panels).toHaveLength(1)
    const state = panels[0]?.embeds[0]?.fields?.find(({ name }) => name === 'State')
    expect(state?.value).toContain(`ended: \`${run.end_reason}\``)
  }
}

/** Answers to commands are seen by those alone who gave them. */
const isPublic = ({ flags = 0 }: Message): boolean => (flags & MessageFlags.Ephemeral) === 0

/** What was said turn by turn, as the thread shows it: whose name, and the pieces joined. */
function said(pieces: KeptDelivery[], messages: Message[]): { name: string; text: string }[] {
  const turns = Map.groupBy(
    pieces.map(({ turn_index }, at) => ({ turn_index, message: messages[at] as Message })),
    ({ turn_index }) => turn_index,
  )
  return [...turns.values()].map((parts) => {
    expect(new Set(parts.map(({ message }) => message.author.username)).size).toBe(1)
    return {
      name: parts[0]?.message.author.username ?? '',
      text: unsplit(parts.map(({ message }) => message.content)),
    }
  })
}
