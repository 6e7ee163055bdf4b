/** The event stream: what happens in the world, as one person sees it, in the form of gateway dispatches. */
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Dispatch } from '../core/events.ts'
import type { Message, User } from '../core/shapes.ts'
import type { World } from '../core/world.ts'
import { messageFor, reactionsFor } from './faces.ts'
import { readCommands } from './reading.ts'

const SHOWN =
  /^(?:MESSAGE_(?:CREATE|UPDATE|DELETE|DELETE_BULK|REACTION_.+)|CHANNEL_.+|THREAD_(?:CREATE|UPDATE|DELETE)|TYPING_START|GUILD_(?:ROLE|MEMBER)_.+|SANDBOX_COMMANDS_UPDATE)$/
/** A reader further behind than this is told to read anew instead. */
const MOST_WAITING = 2000
const BEAT_MS = 15_000

interface Shown {
  t: string
  d: Record<string, unknown>
}

export function eventStream(context: Context, world: World, me: User): Response {
  return streamSSE(context, async (stream) => {
    let waiting: Shown[] = []
    let behind = false
    let wake = () => {}
    const end = world.subscribe((dispatch) => {
      if (!SHOWN.test(dispatch.t) || (dispatch.for_user && dispatch.for_user !== me.id)) return
      if (waiting.length >= MOST_WAITING) {
        waiting = []
        behind = true
      }
      if (!behind) waiting.push(asSeen(world, dispatch, me))
      wake()
    })
    // A word now and then shows both ends that the other is still there.
    const beat = setInterval(() => void stream.write(': still here\n\n'), BEAT_MS)
    stream.onAbort(() => {
      end()
      clearInterval(beat)
      wake()
    })
    await stream.writeSSE({ event: 'ready', data: '{}' })
    while (!stream.aborted) {
      const batch = newest(waiting)
      const reset = behind
      waiting = []
      behind = false
      if (reset) await stream.writeSSE({ event: 'reset', data: '{}' })
      else if (batch.length > 0) await stream.write(batch.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  })
}

/** Of several edits to one message that wait together, the last alone: the ones before it would never be looked at. */
function newest(events: Shown[]): Shown[] {
  const last = new Map<unknown, Shown>()
  for (const event of events) if (event.t === 'MESSAGE_UPDATE') last.set(event.d.id, event)
  return events.filter((event) => event.t !== 'MESSAGE_UPDATE' || last.get(event.d.id) === event)
}

function asSeen(world: World, { t, d }: Dispatch, me: User): Shown {
  if (t === 'SANDBOX_COMMANDS_UPDATE') return { t, d: { commands: readCommands(world, me) } }
  if (t === 'MESSAGE_CREATE' || t === 'MESSAGE_UPDATE')
    return { t, d: { ...messageFor(world, d as unknown as Message, me) } }
  // One form for all that can happen to reactions: how they are now.
  if (t.startsWith('MESSAGE_REACTION_')) {
    const id = String(d.message_id)
    return { t: 'SANDBOX_REACTIONS', d: { id, channel_id: d.channel_id, reactions: reactionsFor(world, id, me) } }
  }
  return { t, d }
}
