import type { REST } from 'discord.js'
import { Bus } from '../../src/core/bus.ts'
import type { NewDelivery } from '../../src/core/delivery.ts'
import type { Run, Turn } from '../../src/core/run.ts'
import { unsplit } from '../../src/core/split.ts'
import type { Store } from '../../src/core/store.ts'
import { makeRest } from '../../src/discord/client.ts'
import { createPoster, type Poster, type PosterOptions } from '../../src/discord/poster/poster.ts'
import { transcript } from '../../src/observers/transcript.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { openStore } from '../../src/store/open.ts'
import { aRun } from './runs.ts'

export interface Posted {
  id: string
  type: number
  content: string
  webhook_id?: string
  author: { id: string; username: string }
  embeds: { title?: string; fields?: { name: string; value: string }[] }[]
  components: { components: { custom_id: string }[] }[]
  flags?: number
}

/** A poster with a store of its own, against a sandbox: what the engine would commit is committed by hand. */
export interface Rig {
  sandbox: Sandbox
  store: Store
  bus: Bus
  poster: Poster
  told: string[]
  channels: Record<string, string>
  /** A run with its opening owed. */
  run(more?: Partial<Run>): Promise<Run>
  /** Commits an actor's turn. */
  speak(runId: string, text: string, actor?: number): Promise<Turn>
  owe(runId: string, deliveries: (run: Run) => NewDelivery[]): Promise<void>
  end(runId: string): Promise<void>
  settled(): Promise<void>
  /** Another process with the same store: what the old one knew is forgotten. */
  restart(more?: Partial<PosterOptions>): Promise<void>
  /** The same, the old one being left as it is. */
  reopen(more?: Partial<PosterOptions>): Promise<void>
  messages(channelId: string | null | undefined): Promise<Posted[]>
  /** The texts of turns as their thread shows them, joined by neighbours of one name. */
  said(runId: string): Promise<string[]>
  violations(): Promise<{ code: number; reason: string; path: string }[]>
  faults(...faults: object[]): Promise<void>
  thread(runId: string): Promise<string>
  close(): Promise<void>
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const loud = {
  debug: (...args: unknown[]) => console.log('debug', ...args),
  info: (...args: unknown[]) => console.log('info', ...args),
  warn: (...args: unknown[]) => console.log('warn', ...args),
  error: (...args: unknown[]) => console.log('error', ...args),
}

export async function makeRig(
  options: { sandbox?: Partial<SandboxOptions>; poster?: Partial<PosterOptions>; trims?: boolean } = {},
): Promise<Rig> {
  const log = process.env.LOUD ? loud : quiet
  const sandbox = await startSandbox({ port: 0, limits: false, ...options.sandbox })
  const store = await openStore(':memory:')
  const bus = new Bus()
  const told: string[] = []
  const get = async <T>(path: string) => (await (await fetch(sandbox.url + path)).json()) as T
  const { channels } = await get<{ channels: Record<string, string> }>('/sandbox')

  const connect = () => makeRest({ token: sandbox.token, apiUrl: sandbox.apiUrl, log }, new AbortController().signal)

  const open = async (more: Partial<PosterOptions> = {}) => {
    const poster = createPoster({
      rest: options.trims ? trimming(connect()) : connect(),
      store,
      bus,
      log,
      applicationId: sandbox.applicationId,
      botUserId: sandbox.world.bot.id,
      cdnUrl: sandbox.url,
      stream: true,
      dataDir: '.',
      hooks: {
        onThreadGone: (runId, reason) => void told.push(`gone ${runId}: ${reason}`),
        onLocked: (runId, sentence) => void told.push(`locked ${runId}: ${sentence}`),
        onBlocked: (runId, sentence) => void told.push(`blocked ${runId}: ${sentence}`),
        onRefused: (runId, { body }, reason) => void told.push(`refused ${runId}: ${body.kind}: ${reason}`),
      },
      ...options.poster,
      ...more,
    })
    await poster.start()
    return poster
  }

  const rig: Rig = {
    sandbox,
    store,
    bus,
    told,
    channels,
    poster: await open(),
    async run(more = {}) {
      const { spec, state, ...fresh } = aRun({
        guild_id: sandbox.guildId,
        channel_id: channels.backrooms ?? null,
        ...more,
      })
      const run = await store.createRun(
        {
          spec,
          state,
          guild_id: fresh.guild_id,
          channel_id: fresh.channel_id,
          starter_id: fresh.starter_id,
          starter_name: fresh.starter_name,
          batch_id: null,
          ...(more.id ? { id: more.id } : {}),
        },
        transcript.opening,
      )
      bus.emit({ type: 'owed', lane: `run:${run.id}` })
      return run
    },
    async speak(runId, text, index = 0) {
      const changed = await store.change(runId, (run) => ({
        turn: {
          round: 0,
          actor_index: index,
          name: run.spec.actors[index]?.name ?? '',
          author_id: null,
          text,
          reasoning: '',
          whisper_to: null,
          steps: [],
          model: 'm',
          usage: { input: 1, cached: 0, written: 0, output: 1, cost: 0.001 },
        },
        deliveries: (after, turn) => (turn ? transcript.turn(after, turn) : []),
      }))
      const turn = changed?.turn as Turn
      bus.emit({ type: 'committed', run_id: runId, turn_index: turn.turn_index })
      bus.emit({ type: 'owed', lane: `run:${runId}` })
      bus.emit({ type: 'changed', run_id: runId })
      return turn
    },
    async owe(runId, deliveries) {
      await store.change(runId, () => ({ deliveries: (run) => deliveries(run) }))
      bus.emit({ type: 'owed', lane: `run:${runId}` })
    },
    async end(runId) {
      await store.change(runId, () => ({
        set: { status: 'ended', end_reason: 'max_turns', ended_at: 1, closed_at: 1 },
        deliveries: transcript.end,
      }))
      bus.emit({ type: 'owed', lane: `run:${runId}` })
      bus.emit({ type: 'ended', run_id: runId })
    },
    settled: () => rig.poster.flush(12_000),
    async restart(more) {
      await rig.poster.close()
      await rig.reopen(more)
    },
    async reopen(more) {
      rig.poster = await open(more)
    },
    messages: (channelId) => get<Posted[]>(`/sandbox/channels/${channelId}/messages?user=ada`),
    async said(runId) {
      const run = await store.run(runId)
      const turns: { name: string; contents: string[] }[] = []
      for (const { webhook_id, author, content } of await rig.messages(run?.thread_id)) {
        if (!webhook_id) continue
        const last = turns.at(-1)
        if (last?.name === author.username) last.contents.push(content)
        else turns.push({ name: author.username, contents: [content] })
      }
      return turns.map(({ contents }) => unsplit(contents))
    },
    violations: () => get('/sandbox/violations'),
    async faults(...faults) {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${sandbox.url}/sandbox/faults`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ faults }),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async thread(runId) {
      return (await store.run(runId))?.thread_id ?? ''
    },
    async close() {
      await rig.poster.close()
      await sandbox.close()
      await store.close()
    },
  }
  return rig
}

/** Takes white space off the ends of what is posted, as Discord does and the sandbox does not. */
function trimming(rest: REST): REST {
  const { makeRequest } = rest.options
  rest.options.makeRequest = (url, init) => {
    if (typeof init.body !== 'string') return makeRequest(url, init)
    const body = JSON.parse(init.body)
    if (typeof body.content === 'string') body.content = body.content.trim()
    return makeRequest(url, { ...init, body: JSON.stringify(body) })
  }
  return rest
}
