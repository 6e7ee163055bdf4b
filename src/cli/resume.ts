import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Command } from './command.ts'
import { driverState } from './drivers.ts'
import { findRun } from './find.ts'
import { requireKeys } from './keys.ts'
import { play } from './play.ts'

export const resume: Command = {
  summary: 'Go on with a run that is paused, or that a closed terminal left behind',
  usage: ['<run|last> [--take] [--json]'],
  about:
    'Each run is driven by one process alone. One that is going elsewhere is left alone; those with a thread are the bot’s.',
  flags: {
    take: { kind: 'switch', help: 'Take it over although another process seems to drive it' },
    json: { kind: 'switch', help: 'At the end the run as JSON on stdout; nothing else there' },
  },
  examples: [
    ['resume last', 'the newest run'],
    ['resume k7m2q9xc', 'that one; list shows the ids'],
  ],
  async run(given, terminal) {
    const parts = await terminal.parts()
    const { store, steering } = parts
    await parts.takeUp()
    const { id, ...found } = await findRun(store, given.words[0], 'resume last')
    refuse({ id, ...found }, given.has('take'))
    requireKeys(found.spec, parts)
    const begin = async () => {
      await store.change(id, ({ status }) => (status === 'going' ? { set: { status: 'paused' } } : null))
      return steering.resume(id)
    }
    return play(terminal, parts, id, begin, { json: given.has('json') })
  },
}

function refuse(run: Run, take: boolean): void {
  const { id, status, end_reason, channel_id, driver } = run
  if (status === 'ended')
    throw new UserError(`Run ${id} has ended (${end_reason}); only a run that is paused can go on.`)
  if (channel_id !== null)
    throw new UserError(`Run ${id} has a thread: go on with it in Discord, with /backrooms resume.`)
  const by = driverState(driver)
  if (status === 'going' && !take && by !== 'here')
    throw new UserError(
      by === 'bot'
        ? `Run ${id} is going: the bot drives it, or will when it starts. With --take it goes on here instead.`
        : `Run ${id} is going in another terminal (${driver}). If that is not so, resume it with --take.`,
    )
}
