import { setImmediate as immediate } from 'node:timers/promises'
import { makeRig } from '../discord/rig.ts'

/**
 * Posting with many threads at work: 200 threads in 20 channels, each with turns owed, Discord's rate limits on as the sandbox knows
 * them. The ceiling is what Discord's global limit lets one bot send; what runs need beside their turns (threads, panels) is over before.
 */
export async function postingFigures(seconds = 20, channels = 20, threads = 200) {
  const rig = await makeRig({ sandbox: { limits: true }, poster: { stream: false } })
  const { world } = rig.sandbox
  const model = world.channels.get(rig.channels.backrooms ?? '')
  const places = Array.from({ length: channels }, (_, i) => {
    const id = world.newId()
    world.transaction(() => world.channels.put(id, { ...(model as object), id, name: `c${i}` } as never))
    return id
  })
  const runs: { id: string }[] = []
  for (let i = 0; i < threads; i++) runs.push(await rig.run({ channel_id: places[i % channels] ?? null }))
  await rig.poster.flush(240_000)

  for (let turn = 0; turn < Math.ceil(((seconds + 25) * 60) / threads); turn++)
    for (const run of runs) {
      await rig.speak(run.id, `Turn ${turn}.`, turn % 2)
      // Sandbox and bot share this process here: both must get their turn.
      await immediate()
    }
  // The first messages make webhooks and faces: not what is measured.
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  const before = await acknowledged()
  const from = Date.now()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const after = await acknowledged()
  const served = after.map((n, i) => n - (before[i] ?? 0))
  const total = served.reduce((a, b) => a + b, 0)
  const refused = (await rig.violations()).length
  const requests = world.record.list().filter((entry) => entry.kind === 'request')
  const tooMany = requests.filter(({ status }) => status === 429).length
  const meanwhile = requests.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < from + seconds * 1000).length
  await rig.close()
  return {
    messages_per_second: total / seconds,
    share_of_ceiling: meanwhile / seconds / world.limits.global.limit,
    share_that_is_turns: total / meanwhile,
    answers_429: tooMany,
    violations: refused,
    fewest_per_thread: Math.min(...served),
    most_per_thread: Math.max(...served),
  }

  async function acknowledged(): Promise<number[]> {
    return Promise.all(
      runs.map(async ({ id }) => (await rig.store.delivered(id)).filter(({ body }) => body.kind === 'turn').length),
    )
  }
}

if (import.meta.main) console.log(await postingFigures())
