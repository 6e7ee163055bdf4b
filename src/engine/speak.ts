import { actorsNow } from '../core/actors.ts'
import { contextOf } from '../core/context.ts'
import { highestCost } from '../core/cost.ts'
import { spentBy } from '../core/ends.ts'
import {
  addUsage,
  type ChatMessage,
  type ModelCall,
  ModelError,
  NO_USAGE,
  type ToolStep,
  type Usage,
} from '../core/model.ts'
import type { Run, Turn } from '../core/run.ts'
import { type Asked, abortedOr, ask } from './ask.ts'
import { commit } from './commit.ts'
import type { EngineParts, Signals } from './parts.ts'
import { patient } from './patient.ts'
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
  const models = patient(parts, run, actor.name)
  /** What a failed attempt had written is no part of the next one's answer. */
  const anew = {
    refused: models.refused,
    call(call: ModelCall) {
      current = ''
      return models.call(call)
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
    }
    if (speech.steps.length === 0) {
      const taken = await models.inLine(hold.take(highestCost(call), wait)).catch(abortedOr(wait))
      if (taken === null) return { kind: 'aborted', lost: NO_USAGE, ...speech }
      if (taken.kind === 'refused') return { ...taken, lost: NO_USAGE, ...speech }
      if (taken.waited) return { kind: 'waited' }
    }
    const asked = await ask({ models: anew, hold }, call, (error, ms) =>
      tellOfWait(parts, run.id, actor.name, error, ms),
    ).finally(models.over)
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

async function tellOfWait(parts: EngineParts, runId: string, name: string, error: ModelError, ms: number) {
  // Discord shows it as a time from now, true whenever it is read.
  const then = Math.ceil((Date.now() + ms) / 1000)
  const text = `${name} is waiting: ${error.message} Trying again <t:${then}:R>.`
  parts.bus.emit({ type: 'waiting', run_id: runId, why: `${name}: ${error.message}` })
  await commit(parts, runId, (now) => ({ deliveries: parts.transcript.notice(now, text) }))
}
