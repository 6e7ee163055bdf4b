import { actorsNow } from '../core/actors.ts'
import type { Batch } from '../core/batches.ts'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import { follow } from './batch.ts'
import { requireKeys } from './before.ts'
import type { Command } from './command.ts'
import { driverState } from './drivers.ts'
import { findRun } from './find.ts'
import type { Given } from './flags.ts'
import { WrongUse } from './io.ts'
import type { Parts } from './parts.ts'
import { play } from './play.ts'
import type { Terminal } from './terminal.ts'

export const resume: Command = {
  summary: 'Go on with a run or a batch that is paused, or that a closed terminal left behind',
  usage: ['<run|last> [--take] [--json]', '<batch> [--retry-failed] [--take] [--json]'],
  about:
    'Each run is driven by one process alone. One that is going elsewhere is left alone; those with a thread are the bot’s.',
  words: 1,
  flags: {
    'retry-failed': { kind: 'switch', help: 'Of a batch: run the failed runs again' },
    take: { kind: 'switch', help: 'Take it over although another process seems to drive it' },
    json: { kind: 'switch', help: 'At the end the run as JSON on stdout; nothing else there' },
  },
  examples: [
    ['resume last', 'the newest run'],
    ['resume k7m2q9xc', 'that one; list shows the ids'],
  ],
  async run(given, terminal) {
    const parts = await terminal.parts({ paced: true })
    const { store, steering } = parts
    await parts.takeUp()
    const batch = given.words[0] === undefined ? null : await store.batch(given.words[0])
    if (batch) return resumeBatch(terminal, parts, batch, given)
    if (given.has('retry-failed')) throw new WrongUse('--retry-failed is for batches: name one.')
    const { id, ...found } = await findRun(store, given.words[0], 'resume last')
    refuse({ id, ...found }, given.has('take'))
    requireKeys({ ...found.spec, actors: actorsNow(found) }, parts)
    const begin = async () => {
      await store.change(id, ({ status }) => (status === 'going' ? { set: { status: 'paused' } } : null))
      return steering.resume(id)
    }
    return play(terminal, parts, id, begin, { json: given.has('json') })
  },
}

async function resumeBatch(terminal: Terminal, parts: Parts, batch: Batch, given: Given): Promise<number> {
  const { store, batches, driver } = parts
  const { id, status, channel_id } = batch
  const retry = given.has('retry-failed')
  if (channel_id !== null) throw new UserError(`Batch ${id} has a dashboard in Discord: go on with it there.`)
  if (status === 'ended' && !retry)
    throw new UserError(`Batch ${id} has ended; --retry-failed runs its failed runs again.`)
  refuseDriven('Batch', batch, given.has('take'))
  const begin = async () => {
    await store.changeBatch(id, status === 'ended' ? { driver } : { driver, status: 'paused' })
    if (retry) await batches.retryFailed(id)
    if (status !== 'ended' && (await store.batch(id))?.status === 'paused') await batches.resume(id)
  }
  return follow(terminal, parts, id, begin, given.has('json'))
}

function refuse(run: Run, take: boolean): void {
  const { id, status, end_reason, channel_id, batch_id } = run
  if (status === 'ended')
    throw new UserError(
      `Run ${id} has ended (${end_reason}); only a run that is paused can go on. To go on from its turns in a new run: npm run backrooms -- fork ${id}`,
    )
  if (batch_id !== null) throw new UserError(`Run ${id} is one of batch ${batch_id}: resume that.`)
  if (channel_id !== null)
    throw new UserError(`Run ${id} has a thread: go on with it in Discord, with /backrooms resume.`)
  refuseDriven('Run', run, take)
}

function refuseDriven(
  what: string,
  { id, status, driver }: Pick<Run, 'id' | 'driver'> & { status: string },
  take: boolean,
): void {
  if (status !== 'going' || take) return
  const by = driverState(driver)
  if (by === 'here' || by === 'gone') return
  throw new UserError(
    by === 'bot'
      ? `${what} ${id} is going: the bot drives it, or will when it starts. With --take it goes on here instead.`
      : `${what} ${id} is going in another terminal (${driver}). If that is not so, resume it with --take.`,
  )
}
