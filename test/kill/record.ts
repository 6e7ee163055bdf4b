import { expect } from 'vitest'
import { storeOf } from './reading.ts'
import type { Town } from './town.ts'

interface Request {
  kind: string
  method: string
  path: string
  route?: string
  verdict: string
  /** Id of what a POST made. */
  made?: string
}

const WEBHOOK = '/webhooks/:webhook_id/:webhook_token'
const OWN = '/channels/:channel_id/messages'
/** The oldest entries go when there are more. */
const KEPT = 20_000

/**
 * Holds what the sandbox has processed against store and threads: every message that was made through a webhook is a piece of one committed
 * turn, or a preview that was deleted again; every message of the bot's own is one delivery's; every edit is of one of these; each run's
 * thread was made once. What the bot never heard the answer to is in the record too.
 * @returns how many messages the record shows to have been made.
 */
export async function expectRecordTrue(town: Town): Promise<number> {
  const lines = (await (await fetch(`${town.url}/sandbox/record`)).text()).trim().split('\n')
  const all = lines.map((line) => JSON.parse(line) as Request)
  const processed = all.filter(({ kind, verdict }) => kind === 'request' && verdict === 'ok')
  const idsIn = (method: string) =>
    processed.flatMap(({ path, ...asked }) =>
      asked.method === method ? (/\/messages\/(\d+)/.exec(path)?.[1] ?? []) : [],
    )
  const made = (route: string) => processed.flatMap((asked) => (asked.route === route && asked.made) || [])

  const { runs, deliveries } = storeOf(town)
  const places = [...new Set(runs.map((run) => run.thread_id))]
  const standing = (await Promise.all(places.map((id) => town.messages(id)))).flat()
  const deleted = new Set(idsIn('DELETE'))
  const idsOf = (kinds: string[]) =>
    deliveries.flatMap(({ kind, message_id }) => (kinds.includes(kind) && message_id) || [])
  const turns = idsOf(['turn'])
  expect(new Set(turns).size).toBe(turns.length)

  const spoken = made(WEBHOOK)
  expect(new Set(spoken).size).toBe(spoken.length)
  const leftOf = (ids: string[]) => ids.filter((id) => !deleted.has(id))
  const own = new Set(made(OWN))
  const known = new Set([...spoken, ...own])
  if (all.length < KEPT) {
    expect(leftOf(spoken).sort()).toEqual(turns.toSorted())
    expect([...own].sort()).toEqual(idsOf(['announce', 'panel', 'notice', 'end']).sort())
    expect(idsIn('PATCH').filter((id) => !known.has(id))).toEqual([])
    const threads = processed.filter(({ method, route }) => method === 'POST' && route?.endsWith('/threads'))
    expect(threads.map(({ made: id }) => id).sort()).toEqual(runs.map((run) => run.thread_id).sort())
  } else {
    expect(leftOf(spoken).filter((id) => !turns.includes(id))).toEqual([])
    expect([...own].filter((id) => !deliveries.some(({ message_id }) => message_id === id))).toEqual([])
  }
  const there = new Set(standing.map(({ id }) => id))
  expect(turns.filter((id) => !there.has(id))).toEqual([])
  return known.size
}
