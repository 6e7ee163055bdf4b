import { actorsNow } from '../core/actors.ts'
import type { News } from '../core/bus.ts'
import { contextOf } from '../core/context.ts'
import { highestCost } from '../core/cost.ts'
import { spentBy } from '../core/ends.ts'
import { plural } from '../core/figures.ts'
import {
  addUsage,
  type ChatMessage,
  type LimitWait,
  type ModelCall,
  ModelError,
  type Models,
  NO_USAGE,
  type ToolStep,
  type Usage,
} from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'
import { type Asked, abortedOr, ask } from './ask.ts'
import { commit } from './commit.ts'
import type { EngineParts, Signals } from './parts.ts'
import type { Hold } from './ports.ts'

/** How often one turn may go back to its tools, and how many calls it may make in all. */
const TOOL_ROUNDS = 6
const TOOL_CALLS = 12

export interface Speech {
  steps: ToolStep[]
  usage: typeof NO_USAGE
}

/**
 * Calls the actor's model, and the tools it asks for, until it has said its turn. `waited`: before its first call it had to wait for money
 * in the hands of other runs, which it now has itself.
 */
export async function speak(
  parts: EngineParts,
  { run, turns, index, hold }: { run: Run; turns: Turn[]; index: number; hold: Hold },
  { call: signal, wait }: Signals,
): Promise<(Asked & Speech) | { kind: 'waited' }> {
  const actors = actorsNow(run)
  const actor = actors[index] as (typeof actors)[number]
  const messages: ChatMessage[] = contextOf(actors, turns, index)
  const tools = run.spec.tools.length > 0 ? await parts.tools.specs(run, signal) : []
  const speech: Speech = { steps: [], usage: NO_USAGE }
  let said = ''
  let calls = 0
  const mayCall = () => speech.steps.length < TOOL_ROUNDS && calls < TOOL_CALLS && !isSpent(run, speech.usage)
  let current = ''
  /** What a failed attempt had written is no part of the next one's answer. */
  const anew: Pick<Models, 'call'> = {
    call(call) {
      current = ''
      return parts.models.call(call)
    },
  }
  for (;;) {
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
      onWait: (limit) => parts.bus.emit(waitingFor(run.id, limit)),
    }
    if (speech.steps.length === 0) {
      const taken = await inLine(parts, run.id, hold.take(highestCost(call), wait)).catch(abortedOr(wait))
      if (taken === null) return { kind: 'aborted', lost: NO_USAGE, ...speech }
      if (taken.kind === 'refused') return { ...taken, lost: NO_USAGE, ...speech }
      if (taken.waited) return { kind: 'waited' }
    }
    const asked = await ask({ models: anew, hold }, call, (error, ms) =>
      tellOfWait(parts, run.id, actor.name, error, ms),
    )
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

/** Only dashboards tell of it: in a thread, a minute's pause needs no message. */
function waitingFor(run_id: string, limit: LimitWait | null): Extract<News, { type: 'waiting' }> {
  if (limit === null) return { type: 'waiting', run_id, why: null }
  const allowed = `${plural(limit.count, 'call')} ${limit.limit === 'per_minute' ? 'a minute' : 'at once'}`
  return { type: 'waiting', run_id, why: `${allowed} to ${limit.provider} that configs/models.json sets.`, limit }
}

async function tellOfWait(parts: EngineParts, runId: string, name: string, error: ModelError, ms: number) {
  // Discord shows it as a time from now, true whenever it is read.
  const then = Math.ceil((Date.now() + ms) / 1000)
  const text = `${name} is waiting: ${error.message} Trying again <t:${then}:R>.`
  parts.bus.emit({ type: 'waiting', run_id: runId, why: `${name}: ${error.message}` })
  await commit(parts, runId, (now) => ({ deliveries: parts.transcript.notice(now, text) }))
}

/** A wait for money longer than this (ms) is told on the panel. */
const TELL_LINE_AFTER = 3000
const IN_LINE = 'waits for the calls of other runs: all together they might pass a cap.'

/** Tells on the panel that the run waits, if it lasts, until it does not any more. */
async function inLine<T>(parts: EngineParts, runId: string, taking: Promise<T>): Promise<T> {
  let told: Promise<unknown> | null = null
  const timer = setTimeout(() => {
    told = tell(IN_LINE, null)
  }, TELL_LINE_AFTER)
  const tell = (text: string | null, before: string | null) =>
    commit(parts, runId, (now) =>
      now.status === 'going' && now.status_text === before ? { set: { status_text: text } } : null,
    ).catch((err) => parts.log.warn({ run: runId, err }, 'the panel could not tell of a wait'))
  try {
    return await taking
  } finally {
    clearTimeout(timer)
    await told
    if (told) await tell(null, IN_LINE)
  }
}
