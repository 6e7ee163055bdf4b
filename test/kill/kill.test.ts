import { afterEach, expect, test } from 'vitest'
import { randomOf } from '../../src/core/random.ts'
import { expectThreadsTrue, type KeptRun, storeOf } from './reading.ts'
import { expectRecordTrue } from './record.ts'
import { type Message, startTown, type Town, uniqueAnswers } from './town.ts'

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
    for (const channel of ['backrooms', 'general', 'backrooms', 'general']) {
      await town.command('/backrooms start opus sonnet roleplay max_cost:4', channel)
    }
    const random = randomOf(SEED)
    const steered: Promise<string>[] = []
    for (let nth = 0; nth < KILLS; nth++) {
      const said = steer(town, nth)
      steered.push(said)
      // Most have their answer before the bot dies, and some do not.
      if (nth % 4 !== 0) await said
      // Some die while starting, some in the middle of a turn.
      await new Promise((done) => setTimeout(done, random() * (nth % 4 === 0 ? 300 : 1100)))
      await town.killBot()
      const starting = town.startBot()
      if (nth % 5 === 4) {
        await new Promise((done) => setTimeout(done, 200 + random() * 1000))
        await town.killBot()
        await starting
        await town.startBot()
      } else {
        await starting
      }
    }
    const done = new Set((await Promise.all(steered)).filter((word) => word !== ''))
    for (const run of storeOf(town).runs)
      if (run.status === 'paused') await town.command('/backrooms resume', run.thread_id)
    const before = storeOf(town)
    expect(before.runs.map((run) => run.status)).toEqual(['going', 'going', 'going', 'going'])
    expect(Math.min(...before.runs.map((run) => run.next_index))).toBeGreaterThan(KILLS / 2)
    if (KILLS > STEPS.length) expect(done.size).toBe(STEPS.length)

    await town.command('/stop all:true', 'backrooms')
    await until(async () => storeOf(town).owed === 0)
    await expectThreadsTrue(town)
    expect(await expectRecordTrue(town)).toBeGreaterThan(KILLS)
    expect(await town.get('/sandbox/violations')).toEqual([])

    // Answers are numbered by request: each stands in one turn alone, and once it was committed nobody asked for it again.
    const { turns } = storeOf(town)
    const numbersIn = (some: typeof turns) =>
      some.flatMap((turn) => /the end of answer (\d+)$/.exec(turn.text)?.[1] ?? []).map(Number)
    const committed = numbersIn(turns)
    const dropped = numbersIn(turns.filter((turn) => turn.dropped_at !== null))
    expect(dropped.length).toBeGreaterThan(0)
    expect(new Set(committed).size).toBe(committed.length)
    const requests = Map.groupBy(
      town.provider.received.map(({ body }, number) => ({ number, prompt: JSON.stringify(body.messages) })),
      ({ prompt }) => prompt,
    )
    for (const same of requests.values()) {
      const kept = same.filter(({ number }) => committed.includes(number))
      // What a person has dropped is asked for anew.
      if (kept.some(({ number }) => dropped.includes(number))) continue
      // All runs open with the same prompt; every later one is its run's own.
      if (kept.length === 1) expect(kept[0]).toBe(same.at(-1))
    }
  },
  60_000 + KILLS * 12_000,
)

/** What people do to the runs in turn; each may meet with a kill. */
const STEPS: ((town: Town, run: KeptRun) => Promise<{ response: Message | null }>)[] = [
  async (town, run) => {
    const spoken = (await town.messages(run.thread_id)).filter(({ webhook_id }) => webhook_id)
    return town.command('Rewind to here', run.thread_id, spoken.at(-4)?.id ?? spoken[0]?.id)
  },
  (town, run) => town.command('/backrooms pause', run.thread_id),
  (town, run) => town.command('/say text:A word from the door.', run.thread_id),
  (town, run) => town.command('/backrooms step', run.thread_id),
  (town, run) => town.command('/backrooms next actor:1', run.thread_id),
  (town, run) => town.command('/backrooms resume', run.thread_id),
]

const DONE = /goes on|rests|takes one turn|speaks next|^Said in/

/** Resolves to the kind of thing that was done; empty where it was refused, or no answer came because the bot was killed. */
async function steer(town: Town, nth: number): Promise<string> {
  const { runs } = storeOf(town)
  const at = nth % STEPS.length
  // The pause, the step and the resume that follow one another are of one run.
  const run = runs[(at === 1 || at === 3 || at === 5 ? Math.floor(nth / STEPS.length) : nth) % runs.length]
  const step = STEPS[at]
  if (!run?.thread_id || !step) return ''
  try {
    const { response } = await step(town, run)
    return response && DONE.test(response.content) ? String(at) : ''
  } catch {
    return ''
  }
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((done) => setTimeout(done, 100))
}
