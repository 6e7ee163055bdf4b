import { spawnSync } from 'node:child_process'
import { round } from './crew.ts'

const KILLS = 200

/** The kill test, ten times as long, with a seed of its own. */
export async function killFigures() {
  const seed = Date.now() % 1_000_000
  const from = performance.now()
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/kill/kill.test.ts'], {
    env: { ...process.env, BACKROOMS_KILLS: String(KILLS), BACKROOMS_KILL_SEED: String(seed) },
    stdio: ['ignore', 2, 2],
  })
  return {
    kills: KILLS,
    seed,
    nothing_lost_nothing_doubled: status === 0,
    seconds: round((performance.now() - from) / 1000, 0),
  }
}
