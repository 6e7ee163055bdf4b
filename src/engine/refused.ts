import { type Delivery, type NewDelivery, runLane } from '../core/delivery.ts'
import type { Run } from '../core/run.ts'
import type { Change } from '../core/store.ts'
import { turnNumber } from '../core/turns.ts'
import { pauseWithNotice } from './changes.ts'
import type { Transcript } from './ports.ts'

/** So many turns in a row that nobody can read, and the run waits for its people. */
const UNREAD_TURNS = 3

/**
 * What a run does about a message that Discord will never take: says so, once, and goes on; when the last turns all met with that, it
 * pauses. Where the bot's own words are what was refused, the panel says it. Null when it was told before.
 */
export function refusedChange(run: Run, delivery: Delivery, why: string, transcript: Transcript): Change | null {
  const key = keyOf(run, delivery, why)
  if (run.state.reported.includes(key)) return null
  const reported = [...run.state.reported, key]
  const { body } = delivery
  if (body.kind === 'notice' || body.kind === 'end') {
    const remark = `${body.kind === 'end' ? 'The end notice' : 'A notice of mine'} is missing in the thread: ${why}`
    return { state: { ...run.state, reported, remarks: [...run.state.remarks, remark] } }
  }
  const state = { ...run.state, reported }
  const text = sentence(run, delivery, why)
  if (body.kind === 'turn' && isUnread(run, reported, body.turn_index)) {
    const pause = `Discord has refused the last ${UNREAD_TURNS} turns, so nobody can read them.\n${text}`
    return { ...pauseWithNotice(run, pause, transcript), state }
  }
  return { state, deliveries: (after) => told(after, text, transcript) }
}

/** One notice for a turn, whatever its length; for all else one for each speaker, place and cause. */
function keyOf(run: Run, { body, lane }: Delivery, why: string): string {
  if (body.kind === 'turn') return turnKey(body.turn_index)
  if (body.kind !== 'post') return `refused:${body.kind}`
  return `refused:${lane === runLane(run.id) ? 'here' : lane}:${body.persona.name}:${why}`
}

const turnKey = (index: number): string => `refused:turn:${index}`

/** Nobody watches a single run of a batch: its log and the archive have what was said. */
function isUnread({ status, batch_id }: Run, reported: string[], last: number): boolean {
  if (status !== 'going' || batch_id !== null) return false
  return Array.from({ length: UNREAD_TURNS }, (_, back) => turnKey(last - back)).every((key) => reported.includes(key))
}

function sentence(run: Run, { body, lane }: Delivery, why: string): string {
  switch (body.kind) {
    case 'turn':
      return `Turn ${turnNumber(body.turn_index)} of ${body.persona.name} cannot be shown here in full: ${why} It counts all the same, and \`/backrooms export\` has every word.`
    case 'post': {
      const where = lane === runLane(run.id) ? 'here' : `in <#${lane.slice('channel:'.length)}>`
      return `A post of ${body.persona.name} is missing ${where}: ${why} The run goes on, and more that is refused for this reason is left out without another word.`
    }
    case 'panel':
      return `The control panel is missing: ${why} \`/backrooms pause\`, \`resume\`, \`step\` and \`/stop\` do what its buttons would.`
    case 'announce':
      return `This run is not announced in <#${run.channel_id}>: ${why}`
    default:
      return `A message is missing here: ${why}`
  }
}

/** A word in an archived thread opens it: it is closed again. */
export function told(run: Run, text: string, transcript: Transcript): NewDelivery[] {
  const notice = transcript.notice(run, text)
  if (run.closed_at === null || notice.length === 0) return notice
  return [...notice, { lane: runLane(run.id), run_id: run.id, guild_id: run.guild_id, body: { kind: 'archive' } }]
}
