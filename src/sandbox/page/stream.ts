/** The event stream: what happens in the world, as one person sees it, in the form of gateway dispatches. */
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Dispatch } from '../core/events.ts'
import type { Message, User } from '../core/shapes.ts'
import type { World } from '../core/world.ts'
import { facedMessage } from './faces.ts'

const SHOWN =
  /^(?:MESSAGE_(?:CREATE|UPDATE|DELETE|DELETE_BULK)|CHANNEL_.+|THREAD_(?:CREATE|UPDATE|DELETE)|TYPING_START|GUILD_(?:ROLE|MEMBER)_.+)$/
/** A reader further behind than this is told to read anew instead. */
const MOST_WAITING = 2000
const BEAT_MS = 1000
const COMMENT_EVERY = 15

type Shown = Pick<Dispatch, 't' | 'd'>

export function eventStream(context: Context, world: World, me: User): Response {
  return streamSSE(context, async (stream) => {
    let waiting: Shown[] = []
    let overrun = false
    let wake = () => {}
    const push = (event: Shown) => {
      if (waiting.length >= MOST_WAITING) {
        waiting = []
        overrun = true
      }
      if (!overrun) waiting.push(event)
      wake()
    }
    const end = world.subscribe((dispatch) => {
      if (!SHOWN.test(dispatch.t) || (dispatch.for_user && dispatch.for_user !== me.id)) return
      push({ t: dispatch.t, d: seen(world, dispatch) })
    })
    let commands = commandsKey(world)
    // Registering commands is no gateway event; a glance each second tells the page of new ones.
    const beat = setInterval(() => wake(), BEAT_MS)
    stream.onAbort(() => {
      end()
      clearInterval(beat)
      wake()
    })
    await stream.writeSSE({ event: 'ready', data: '{}' })
    for (let beats = 1; !stream.aborted; beats += 1) {
      const key = commandsKey(world)
      if (key !== commands) {
        commands = key
        waiting.push({ t: 'PAGE_COMMANDS', d: { commands: world.commands.values() } })
      }
      if (overrun) {
        overrun = false
        waiting = []
        await stream.writeSSE({ event: 'reset', data: '{}' })
      }
      const batch = newest(waiting)
      waiting = []
      if (batch.length > 0) await stream.write(batch.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
      else if (beats % COMMENT_EVERY === 0) await stream.write(': still here\n\n')
      if (waiting.length === 0 && !overrun && !stream.aborted)
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

function seen(world: World, dispatch: Dispatch): Record<string, unknown> {
  const { t, d } = dispatch
  if (t !== 'MESSAGE_CREATE' && t !== 'MESSAGE_UPDATE') return d
  return { ...facedMessage(world, d as unknown as Message) }
}

function commandsKey(world: World): string {
  return world.commands
    .values()
    .map((command) => command.version)
    .join()
}
