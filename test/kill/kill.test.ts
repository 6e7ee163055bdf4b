import { afterEach, expect, test } from 'vitest'
import { randomOf } from '../../src/core/random.ts'
import { expectThreadsTrue, storeOf } from './reading.ts'
import { startTown, type Town, uniqueAnswers } from './town.ts'

let town: Town
afterEach(() => town?.close())

const KILLS = Number(process.env.BACKROOMS_KILLS ?? 20)
const SEED = Number(process.env.BACKROOMS_KILL_SEED ?? 1)

test(
  `killed ${KILLS} times at random moments, every run goes on by itself; nothing is lost, nothing is doubled`,
  async () => {
    town = await startTown()
    uniqueAnswers(town.provider, 150)
    await town.startBot()
    // Enough rounds to outlive all kills: the last of them are cut by /stop.
    for (const channel of ['backrooms', 'general']) {
      await town.command('/backrooms start opus sonnet roleplay max_cost:4', channel)
    }
    const random = randomOf(SEED)
    for (let nth = 0; nth < KILLS; nth++) {
      // Some die while starting, some in the middle of a turn.
      const ready = town.startBot
      await new Promise((done) => setTimeout(done, random() * (nth % 4 === 0 ? 300 : 1500)))
      await town.killBot()
      const starting = ready()
      if (nth % 5 === 4) {
        await new Promise((done) => setTimeout(done, 200 + random() * 1000))
        await town.killBot()
        await starting
        await town.startBot()
      } else {
        await starting
      }
    }
    const before = storeOf(town)
    expect(before.runs.map((run) => run.status)).toEqual(['going', 'going'])
    expect(Math.min(...before.runs.map((run) => run.next_index))).toBeGreaterThan(KILLS / 2)

    await town.command('/stop all:true', 'backrooms')
    await until(async () => storeOf(town).owed === 0)
    await expectThreadsTrue(town)
    expect(await town.get('/sandbox/violations')).toEqual([])

    // Answers are numbered by request: each stands in one turn alone, and once it was committed nobody asked for it again.
    const committed = storeOf(town)
      .turns.flatMap((turn) => /the end of answer (\d+)$/.exec(turn.text)?.[1] ?? [])
      .map(Number)
    expect(new Set(committed).size).toBe(committed.length)
    const requests = Map.groupBy(
      town.provider.received.map(({ body }, number) => ({ number, prompt: JSON.stringify(body.messages) })),
      ({ prompt }) => prompt,
    )
    for (const same of requests.values()) {
      const kept = same.filter(({ number }) => committed.includes(number))
      // Both runs open with the same prompt; every later one is its run's own.
      if (kept.length === 1) expect(kept[0]).toBe(same.at(-1))
    }
  },
  60_000 + KILLS * 12_000,
)

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((done) => setTimeout(done, 100))
}
