import type { Bus } from '../core/bus.ts'
import { type NewDelivery, runLane } from '../core/delivery.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import { commit } from '../engine/commit.ts'
import type { Log, Purse, Transcript } from '../engine/ports.ts'
import { doing } from './doing.ts'
import { brokenOff, failureNotice } from './failures.ts'
import { type Begun, type Observed, ObserverError, type Round, type RoundObserver } from './observer.ts'

interface ObservingParts {
  store: Store
  bus: Bus
  log: Log
  transcript: Transcript
  purse: Purse
  /** In tests. */
  tellAfter?: number
}

/** The round of this index, if all have spoken in it, or the run has ended in the middle of it. */
export async function roundOf(store: Store, run: Run, index: number): Promise<Round | null> {
  const actors = run.spec.actors.length
  const complete = run.state.spoken.length >= (index + 1) * actors
  const partial = run.status === 'ended' && run.state.spoken.length > index * actors
  if (!complete && !partial) return null
  const all = (await store.turns(run.id)).filter((turn) => turn.round <= index)
  const thrifty = run.status === 'ended' && (run.end_reason === 'stopped' || run.end_reason === 'cost_budget')
  return { run, index, turns: all.filter((turn) => turn.round === index), all, thrifty }
}

/** Lets one observer see a round, and keeps what came of it, after `first`. One that fails is reported once, and passes over the round. */
export async function observe(
  parts: ObservingParts,
  { observer, round, memory }: { observer: RoundObserver; round: Round; memory: unknown },
  { signal, isClosed, first }: { signal: AbortSignal; isClosed: () => boolean; first?: Promise<void> | undefined },
): Promise<void> {
  const hold = parts.purse.open(round.run)
  const told = doing(parts, { run: round.run.id, name: observer.name }, parts.tellAfter)
  let observed: Observed
  try {
    observed = await observer.observe(round, memory, {
      signal,
      hold,
      begun: begunIn(parts.store, round, observer.name),
      at: told.at,
    })
  } catch (error) {
    // Shut down in the middle: the round stays unobserved and is taken up at the next start.
    if (isClosed()) {
      await told.end()
      hold.close()
      return
    }
    parts.log.warn({ run: round.run.id, observer: observer.name, err: error }, 'an observer passed over a round')
    const tell = signal.aborted
      ? [brokenOff(observer.name, round, signal.reason)]
      : [failureNotice(observer.name, round.index, error)]
    observed = { memory, deliveries: [], charges: error instanceof ObserverError ? error.charges : [], tell }
  }
  await told.end()
  await first
  await hold.settle(() => keepObserved(parts, round.run, { observer, cursor: round.index, observed }))
}

/** A rewind makes another round of the same number, which has begun nothing. */
function begunIn(store: Store, { run, index }: Round, observer: string): Begun {
  const [name, rewinds] = [`begun:${observer}`, run.state.rewinds ?? 0]
  return {
    async read() {
      const { cursor, memory } = await store.observer(run.id, name)
      const kept = memory as { rewinds: number; what: unknown } | null
      return cursor === index && kept?.rewinds === rewinds ? kept.what : null
    },
    keep: (what) => store.saveObserver(run.id, { name, cursor: index, memory: { rewinds, what } }),
  }
}

/** The new memory, the posts and their cost, in one transaction. */
export async function keepObserved(
  parts: ObservingParts,
  before: Run,
  { observer, cursor, observed }: { observer: RoundObserver; cursor: number; observed: Observed },
): Promise<void> {
  const runId = before.id
  const { bus, transcript } = parts
  await commit(parts, runId, (now) => {
    const told = [...new Map(observed.tell?.map((each) => [each.key, each])).values()].filter(
      ({ key }) => !now.state.reported.includes(key),
    )
    const remarks = told.flatMap(({ remark }) => (remark === undefined ? [] : [remark]))
    const cost = observed.charges.reduce((sum, { usage }) => sum + (usage.cost ?? 0), 0)
    const { [observer.name]: _, ...doing } = now.state.doing ?? {}
    const state = {
      ...now.state,
      doing,
      side_cost: now.state.side_cost + cost,
      reported: [...now.state.reported, ...told.map(({ key }) => key)],
      remarks: [...now.state.remarks, ...remarks],
    }
    // A rewind meanwhile: what was seen of this round is gone. It was paid for all the same.
    if ((now.state.rewinds ?? 0) !== (before.state.rewinds ?? 0)) {
      return { state: { ...now.state, doing, side_cost: state.side_cost }, charges: observed.charges }
    }
    return {
      state,
      charges: observed.charges,
      observer: { name: observer.name, cursor, memory: observed.memory },
      // After the end notice nothing more is said.
      deliveries: (after) =>
        now.closed_at !== null
          ? []
          : [
              ...observed.deliveries.map((each) => (goesAside(observer, each) ? { ...each, aside: true } : each)),
              ...told.flatMap(({ notice }) => (notice === undefined ? [] : transcript.notice(after, notice))),
            ],
    }
  })
  const brought = observed.deliveries.length > 0
  bus.emit({ type: 'observed', run_id: runId, observer: observer.name, round: cursor, brought })
}

/** In the run's own thread the conversation goes before posts that it does not wait for. Other channels keep their order. */
const goesAside = ({ waits, once }: RoundObserver, { lane, run_id }: NewDelivery): boolean =>
  !waits && !once && run_id !== null && lane === runLane(run_id)

/** Resolves when this observer has seen the round. Rejects with the signal's reason. */
export async function reached(
  { store, bus }: Pick<ObservingParts, 'store' | 'bus'>,
  { runId, name, round }: { runId: string; name: string; round: number },
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const look = async () => {
    if ((await store.observer(runId, name)).cursor >= round) resolve()
  }
  const abort = () => reject(signal.reason)
  const off = bus.on('observed', (news) => {
    if (news.run_id === runId && news.observer === name) look().catch(reject)
  })
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  look().catch(reject)
  try {
    await promise
  } finally {
    off()
    signal.removeEventListener('abort', abort)
  }
}
