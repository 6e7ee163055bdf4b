import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import { unsplit } from '../../src/core/split.ts'
import type { Message, Town } from './town.ts'

interface Kept {
  run_id: string
  turn_index: number
  name: string
  text: string
}

export interface KeptRun {
  id: string
  thread_id: string
  status: string
  end_reason: string | null
  next_index: number
}

/** What the bot's store says, read beside it. */
export function storeOf(town: Town): { runs: KeptRun[]; turns: Kept[]; owed: number; previews: number } {
  const db = new DatabaseSync(join(town.dataDir, 'backrooms.db'), { readOnly: true })
  try {
    const all = (sql: string) => db.prepare(sql).all() as never[]
    return {
      runs: all('select id, thread_id, status, end_reason, next_index from runs order by created_at'),
      turns: all('select run_id, turn_index, name, text from turns order by run_id, turn_index'),
      owed: all('select 1 from deliveries where done_at is null').length,
      previews: all('select 1 from previews').length,
    }
  } finally {
    db.close()
  }
}

/**
 * Holds every thread against the store: each committed turn is there exactly once, in order, character for character, nothing half-written
 * stands beside it, the last message is the end notice, and there is one thread a run.
 */
export async function expectThreadsTrue(town: Town): Promise<void> {
  const { runs, turns, owed, previews } = storeOf(town)
  expect({ owed, previews }).toEqual({ owed: 0, previews: 0 })
  const threads = await town.threads()
  expect(threads.map((thread) => thread.id).sort()).toEqual(runs.map((run) => run.thread_id).sort())
  for (const run of runs) {
    const messages = await town.messages(run.thread_id)
    const own = turns.filter((turn) => turn.run_id === run.id)
    expect(own.map((turn) => turn.turn_index)).toEqual(own.map((_, at) => at))
    expect(spokenIn(messages), `thread of run ${run.id}`).toEqual(grouped(own))
    const notices = messages.filter((message) => !message.webhook_id && message.content.includes('This run has ended'))
    expect(notices).toHaveLength(1)
    expect(messages.at(-1)?.id).toBe(notices[0]?.id)
    expect(messages.filter((message) => message.embeds.length > 0)).toHaveLength(1)
  }
}

/** What each speaker said, neighbouring pieces joined: turns alternate, so that one block is one turn. */
function spokenIn(messages: Message[]): { name: string; text: string }[] {
  const blocks: { name: string; contents: string[] }[] = []
  for (const message of messages) {
    if (!message.webhook_id) continue
    const last = blocks.at(-1)
    if (last?.name === message.author.username) last.contents.push(message.content)
    else blocks.push({ name: message.author.username, contents: [message.content] })
  }
  return blocks.map(({ name, contents }) => ({ name, text: unsplit(contents) }))
}

const grouped = (turns: Kept[]): { name: string; text: string }[] => turns.map(({ name, text }) => ({ name, text }))
