import type { BatchTally } from '../core/batches.ts'
import type { LimitWait } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import { countsOf } from './figures.ts'

interface Pace {
  tally: BatchTally[]
  /** Its runs that are going or paused. */
  live: Run[]
  /** Some of those that are done. */
  finished: Run[]
  concurrency: number
  /** The limit of calls a minute that holds it back; null: none. */
  limit: LimitWait | null
  /** ms. */
  now: number
}

/** How long (ms) a batch will go on: at the pace of its runs so far, but no faster than a limit of calls a minute allows. Null: nobody knows. */
export function timeLeft(pace: Pace): number | null {
  const byRuns = fromRuns(pace)
  const byLimit = fromLimit(pace)
  return byRuns === null && byLimit === null ? null : Math.max(byRuns ?? 0, byLimit ?? 0)
}

/** One that is going and has taken longer than those that are done is as telling as they are. */
function fromRuns({ tally, live, concurrency, now }: Pace): number | null {
  const ended = tally.filter(({ status, reason }) => status === 'done' && reason !== 'stopped')
  const done = ended.reduce((sum, { count }) => sum + count, 0)
  if (done === 0) return null
  const took = ended.reduce((sum, { duration }) => sum + duration, 0)
  const ages = live.map((run) => Math.max(0, now - run.created_at))
  const long = ages.filter((age) => age > took / done)
  const each = (took + long.reduce((sum, age) => sum + age, 0)) / (done + long.length)
  const begun = ages.reduce((sum, age) => sum + Math.max(0, each - age), 0)
  return (countsOf(tally).planned * each + begun) / concurrency
}

const MINUTE = 60_000

function fromLimit({ tally, live, finished, limit }: Pace): number | null {
  if (limit === null) return null
  const { planned } = countsOf(tally)
  const whole = finished.length > 0 ? finished.map(turnsSaid) : live.map(turnsAtMost)
  const known = whole.filter((turns) => turns !== null)
  if (known.length === 0) return null
  const usual = known.reduce((sum, turns) => sum + turns, 0) / known.length
  const left = live.map((run) => Math.max(0, (turnsAtMost(run) ?? usual) - turnsSaid(run)) * share(run, limit))
  const runs = [...live, ...finished]
  const shares = runs.reduce((sum, run) => sum + share(run, limit), 0) / Math.max(1, runs.length)
  const calls = left.reduce((sum, turns) => sum + turns, 0) + planned * usual * shares
  return (calls / limit.count) * MINUTE
}

const turnsSaid = (run: Run): number => run.state.spoken.length

const turnsAtMost = ({ spec }: Run): number | null =>
  spec.max_turns === null ? null : spec.max_turns * spec.actors.length

/** How much of a run's turns goes to that provider. */
const share = ({ spec }: Run, { provider }: LimitWait): number =>
  spec.actors.filter(({ model }) => model.provider === provider).length / spec.actors.length
