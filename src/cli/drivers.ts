import { hostname } from 'node:os'
import type { Store } from '../core/store.ts'

// Each process drives its own runs alone: the bot those without a driver, a terminal those that bear its name.

/** The name of this process, as the store keeps it with the runs it drives. */
export const thisDriver = (): string => `terminal:${hostname()}:${process.pid}`

/** `elsewhere`: on another machine, of which nothing can be known here. */
export type DriverState = 'bot' | 'here' | 'alive' | 'gone' | 'elsewhere'

export function driverState(driver: string | null): DriverState {
  if (driver === null) return 'bot'
  if (driver === thisDriver()) return 'here'
  const end = driver.lastIndexOf(':')
  if (driver.slice('terminal:'.length, end) !== hostname()) return 'elsewhere'
  return isAlive(Number(driver.slice(end + 1))) ? 'alive' : 'gone'
}

/** Signal 0 only asks. https://nodejs.org/api/process.html#processkillpid-signal */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const LEFT = 'The terminal that drove it was closed.'

/**
 * What terminals that are gone have left behind: what was going is paused, so that a person can resume it; what had ended is taken over,
 * to finish its log. Returns the ids of the runs and batches that now wait.
 */
export async function adoptOrphans(store: Store): Promise<string[]> {
  const isOrphan = ({ driver }: { driver: string | null }) => driverState(driver) === 'gone'
  const waiting: string[] = []
  for (const batch of (await store.batches({ status: ['going', 'stopping'] })).filter(isOrphan)) {
    await store.changeBatch(batch.id, { status: 'paused', status_text: LEFT })
    waiting.push(batch.id)
  }
  for (const run of (await store.runs({ status: ['going'] })).filter(isOrphan)) {
    await store.change(run.id, (now) =>
      now.status === 'going' && isOrphan(now) ? { set: { status: 'paused', status_text: LEFT } } : null,
    )
    if (run.batch_id === null) waiting.push(run.id)
  }
  const unfinished = [...(await store.runs({ unclosed: true })), ...(await store.runs({ unfinished_by: 'log' }))]
  for (const run of unfinished.filter(isOrphan)) {
    await store.change(run.id, (now) => (isOrphan(now) ? { set: { driver: thisDriver() } } : null))
  }
  return waiting
}
