import { setTimeout as sleep } from 'node:timers/promises'
import { nowhere, spec, until } from '../engine/kit.ts'
import { roundsWith } from '../observers/kit.ts'
import { percentile, round } from './crew.ts'

const ROUNDS = 20
const PAIRS = 5
/** What an actor, a narrator and a tool take (ms). */
const ANSWER = 25

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(50_000)]).toString('base64')

/** What three narrators and a media agent with `pace: free` add to the time of a round, as a ratio; and, for comparison, one with `pace: wait`. */
export async function roundFigures() {
  const bare: number[] = []
  const free: number[] = []
  const wait: number[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    bare.push(await roundTime({}))
    free.push(await roundTime({ profiles: narrators, media: [media('free')] }))
    wait.push(await roundTime({ media: [media('wait')] }))
  }
  const [alone, followed, waited] = [bare, free, wait].map((times) => percentile(times, 0.5)) as [
    number,
    number,
    number,
  ]
  return {
    round_alone_ms: round(alone, 1),
    round_with_3_narrators_and_free_media_ms: round(followed, 1),
    ratio_free: round(followed / alone, 3),
    ratio_wait: round(waited / alone, 3),
  }
}

const narrators = ['a', 'b', 'c'].map((name) => ({ name, preset: {} }))
const media = (pace: 'free' | 'wait') => ({
  name: 'm',
  preset: { pace, tool: { server: 's', name: 'paint', wrap_params: false } },
})

async function roundTime(more: Parameters<typeof spec>[0]): Promise<number> {
  const town = await roundsWith({
    observe: async () => {
      await sleep(ANSWER)
      return 'a post'
    },
    callTool: async () => {
      await sleep(ANSWER)
      return { content: [{ type: 'image', data: PNG, mimeType: 'image/png' }], structured: null, isError: false }
    },
    actorMs: ANSWER,
  })
  const from = performance.now()
  const run = await town.engine.start(spec({ max_turns: ROUNDS, max_cost: null, on_loop: 'off', ...more }), nowhere)
  await until(town, run.id, (now) => now.status === 'ended')
  const time = (performance.now() - from) / ROUNDS
  await until(town, run.id, (now) => now.closed_at !== null)
  return time
}
