import { actorsNow } from '../core/actors.ts'
import type { Bus } from '../core/bus.ts'
import { contextOf } from '../core/context.ts'
import { endBeforeCall, spentBy } from '../core/ends.ts'
import {
  addUsage,
  type ChatMessage,
  type ModelCall,
  ModelError,
  type Models,
  NO_USAGE,
  type ToolStep,
  type Usage,
} from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'
import type { Change, Store } from '../core/store.ts'
import { type Asked, ask } from './ask.ts'
import { actorTurn, endRun, pauseWithNotice } from './changes.ts'
import { commit } from './commit.ts'
import { loopChange } from './looping.ts'
import type { Gate, Log, Purse, Tools, Transcript } from './ports.ts'
import { chooseSpeaker } from './speaker.ts'

export interface EngineParts {
  store: Store
  models: Models
  bus: Bus
  transcript: Transcript
  gates: Gate[]
  purse: Purse
  tools: Tools
  log: Log
  /** Who drives the runs of this process, and takes up those alone; absent: the bot. */
  driver?: string
}

/** How often one turn may go back to its tools, and how many calls it may make in all. */
const TOOL_ROUNDS = 6
const TOOL_CALLS = 12

/**
 * One step of a run: loads it, decides, calls the model, commits. Killed anywhere, it can simply run again (rule 1).
 * Returns whether there may be a next step. Never throws for what a provider does.
 */
export async function advance(parts: EngineParts, runId: string, signal: AbortSignal): Promise<boolean> {
  const { store, transcript } = parts
  let run = await store.run(runId)
  if (!run || !goesOnHere(run, parts)) return false
  try {
    for (const gate of parts.gates) if (await gate.pass(run, signal)) run = (await store.run(runId)) ?? run
  } catch (error) {
    if (signal.aborted) return true
    throw error
  }
  if (!goesOnHere(run, parts)) return false
  const turns = await store.turns(runId)

  const refusal = await parts.purse.refusal(run)
  if (refusal) return step(parts, runId, (now) => pauseWithNotice(now, refusal, transcript))
  const loop = loopChange(run, turns, transcript)
  if (loop) return step(parts, runId, loop)
  const index = await chooseSpeaker(parts, run, turns, signal)
  if (index === null) return true
  const end = endBeforeCall(run, turns, index)
  if (end) return step(parts, runId, (now) => endRun(now, end, transcript))

  const spoken = await speak(parts, run, turns, index, signal)
  if (spoken.kind !== 'answer') parts.bus.emit({ type: 'unwritten', run_id: runId })
  return settle(parts, run, spoken, index, signal)
}

/** A run is driven by one process alone. */
export function goesOnHere(run: Run, parts: Pick<EngineParts, 'driver'>): boolean {
  return run.status === 'going' && run.driver === (parts.driver ?? null)
}

interface Speech {
  steps: ToolStep[]
  usage: typeof NO_USAGE
}

/** Calls the actor's model, and the tools it asks for, until it has said its turn. */
async function speak(
  parts: EngineParts,
  run: Run,
  turns: Turn[],
  index: number,
  signal: AbortSignal,
): Promise<Asked & Speech> {
  const actors = actorsNow(run)
  const actor = actors[index] as (typeof actors)[number]
  const messages: ChatMessage[] = contextOf(actors, turns, index)
  const tools = run.spec.tools.length > 0 ? await parts.tools.specs(run, signal) : []
  const speech: Speech = { steps: [], usage: NO_USAGE }
  let said = ''
  let calls = 0
  const mayCall = () => speech.steps.length < TOOL_ROUNDS && calls < TOOL_CALLS && !isSpent(run, speech.usage)
  for (;;) {
    let current = ''
    const call: ModelCall = {
      model: actor.model,
      system: actor.system,
      messages,
      max_tokens: run.spec.max_tokens ?? actor.model.max_tokens,
      temperature: run.spec.temperature,
      tools,
      no_more_tools: !mayCall(),
      cache_key: `${run.id}:${index}`,
      seed: run.spec.seed,
      turn: run.next_index,
      template: run.spec.template,
      signal,
      onDelta: (delta) => {
        current += delta.text ?? ''
        const text = said ? `${said}\n\n${current}` : current
        parts.bus.emit({
          type: 'writing',
          run_id: run.id,
          actor_index: index,
          text,
          reasoning: delta.text === undefined,
        })
      },
    }
    const asked = await ask(parts.models, call, (error, ms) => tellOfWait(parts, run.id, actor.name, error, ms))
    if (asked.kind !== 'answer') return { ...asked, ...speech }
    const { answer } = asked
    speech.usage = addUsage(speech.usage, answer.usage)
    said = said && answer.text ? `${said}\n\n${answer.text}` : said || answer.text
    const over = answer.tool_calls.length === 0 || !mayCall()
    if (over && said.trim() !== '') return { ...asked, answer: { ...answer, tool_calls: [], text: said }, ...speech }
    if (over) return { ...silent(actor.name), lost: asked.lost, ...speech }
    const wanted = answer.tool_calls.slice(0, TOOL_CALLS - calls)
    calls += wanted.length
    const results = []
    for (const toolCall of wanted) results.push(await parts.tools.call(run, toolCall, signal))
    for (const { id, name } of answer.tool_calls.slice(wanted.length)) {
      results.push({ id, name, text: `Not called: a turn may make ${TOOL_CALLS} calls.`, is_error: true })
    }
    speech.steps.push({ calls: answer.tool_calls, results })
    messages.push({ role: 'assistant', blocks: answer.text ? [answer.text] : [], tool_calls: answer.tool_calls })
    messages.push({ role: 'tool', results })
  }
}

/** The budget is checked before each call, also within a turn. */
function isSpent(run: Run, usage: Usage): boolean {
  return run.spec.max_cost !== null && spentBy(run) + (usage.cost ?? 0) >= run.spec.max_cost && (usage.cost ?? 0) > 0
}

/** An actor that calls its tools for ever and says nothing. */
function silent(name: string): Extract<Asked, { kind: 'failed' }> {
  const message = `${name} called its tools as often as a turn may, and said nothing. Resume to let it try again, or start it without tools.`
  return { kind: 'failed', error: new ModelError('empty', message), outcome: 'pause', lost: NO_USAGE }
}

async function settle(
  parts: EngineParts,
  run: Run,
  spoken: Asked & Speech,
  index: number,
  signal: AbortSignal,
): Promise<boolean> {
  const actor = actorsNow(run)[index] as Run['spec']['actors'][number]
  const lost = addUsage(spoken.lost, spoken.kind === 'answer' ? NO_USAGE : spoken.usage)
  const charges: Change['charges'] = isNothing(lost) ? [] : [{ purpose: 'lost', model: actor.model.alias, usage: lost }]
  return step(parts, run.id, (now) => {
    const withLost = isNothing(lost)
      ? now
      : { ...now, state: { ...now.state, side_cost: now.state.side_cost + (lost.cost ?? 0) } }
    const base: Change = charges.length > 0 ? { charges, state: withLost.state } : {}
    if (spoken.kind === 'aborted' || now.status === 'ended' || now.driver !== run.driver || signal.aborted) {
      return charges.length > 0 ? base : null
    }
    if (spoken.kind === 'answer') {
      const { answer, steps, usage } = spoken
      const change = actorTurn(withLost, { index, actor, answer, steps, usage }, parts.transcript)
      return { ...change, charges: [...(change.charges ?? []), ...charges] }
    }
    const why = `${actor.name}: ${spoken.error.message}`
    // Nobody watches a single run of a batch: it ends with its reason, and the batch can retry it.
    const end = spoken.outcome === 'pause' ? (now.batch_id ? ({ end: 'error' } as const) : null) : spoken.outcome
    const change = end
      ? endRun(withLost, { reason: end.end, text: why }, parts.transcript)
      : pauseWithNotice(withLost, why, parts.transcript)
    return { ...base, ...change }
  })
}

/** Commits, and says whether the run goes on. */
async function step(parts: EngineParts, runId: string, decide: (now: Run) => Change | null): Promise<boolean> {
  const changed = await commit(parts, runId, decide)
  const run = changed?.run ?? (await parts.store.run(runId))
  return run !== null && goesOnHere(run, parts)
}

async function tellOfWait(parts: EngineParts, runId: string, name: string, error: ModelError, ms: number) {
  // Discord shows it as a time from now, true whenever it is read.
  const then = Math.ceil((Date.now() + ms) / 1000)
  const text = `${name} is waiting: ${error.message} Trying again <t:${then}:R>.`
  parts.bus.emit({ type: 'waiting', run_id: runId, why: `${name}: ${error.message}` })
  await commit(parts, runId, (now) => ({ deliveries: parts.transcript.notice(now, text) }))
}

function isNothing(usage: typeof NO_USAGE): boolean {
  return usage.input + usage.cached + usage.written + usage.output === 0 && !usage.cost
}
