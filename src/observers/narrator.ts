import type { NarratorPreset } from '../config/preset.ts'
import { parseMedia, parseNarrator, SAME_AS_LM1 } from '../config/preset.ts'
import { actorsNow, faceOf } from '../core/actors.ts'
import type { Persona } from '../core/delivery.ts'
import { ModelError, type ModelInfo, type Models, NO_USAGE } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import { split } from '../core/split.ts'
import { ask } from '../engine/ask.ts'
import { brokenOff, failureNotice } from './failures.ts'
import { narratorPrompt } from './narrator-prompt.ts'
import { charge, type How, type Observed, ObserverError, type Round, type RoundObserver, toldOf } from './observer.ts'
import { type Aside, type Channels, type Poster, placeOf, post } from './posting.ts'

export interface NarratorParts {
  models: Models
  channels: Channels
  mcp: Poster
  aside?: Aside
}

/** A narrator's memory: its own posts in this run, oldest first. */
interface Memory {
  posts: string[]
}

/** What a profile does after each round: posts what its model makes of it, and, if asked to, the round verbatim. */
export function narrator(name: string, preset: NarratorPreset, parts: NarratorParts): RoundObserver {
  const persona: Persona = {
    name: preset.name ?? name,
    face: preset.avatar === undefined ? faceOf(`profile ${name}`) : null,
    avatar_url: preset.avatar ?? null,
  }
  /** Its model did not answer in time. */
  let hung = false
  return {
    name: `profile:${name}`,
    waits: false,
    chain: `profile:${name}`,
    once: preset.once,
    async observe(round, memory, { signal, hold, at }) {
      const posts = (memory as Memory | null)?.posts ?? []
      const mine = preset.post_transcript && !(await isFedByAnother(name, preset, round, parts.channels))
      const transcript = await post(
        { run: round.run, who: name, persona, ...feedOf(preset) },
        mine ? transcriptOf(round, preset.max_message_length) : [],
        parts,
        signal,
      )
      if (round.thrifty && !preset.disable_summary) {
        const tell = [...(transcript.tell ?? []), brokenOff(`profile:${name}`, round)]
        return { memory: { posts }, charges: [], ...transcript, tell }
      }
      const before =
        preset.pre_message === undefined ? [] : [{ text: shortened(preset.pre_message, preset.max_message_length) }]
      let summary: Awaited<ReturnType<typeof summarize>> | null
      try {
        summary = preset.disable_summary
          ? null
          : await summarize(name, preset, round, posts, { models: parts.models, hold, signal, at, hung })
        hung = false
      } catch (error) {
        hung = isHanging(error)
        // Others leave the verbatim feed to this profile: it does not fail with the summary.
        if (!(error instanceof ObserverError) || signal.aborted || transcript.deliveries.length === 0) throw error
        const tell = [...(transcript.tell ?? []), failureNotice(`profile:${name}`, round.index, error)]
        return { memory: { posts }, charges: error.charges, deliveries: transcript.deliveries, tell }
      }
      const said = summary === null ? [] : [{ text: summary.text }]
      const own = await post(
        { run: round.run, who: name, persona, tool: preset.tool },
        [...before, ...said],
        parts,
        signal,
      ).catch((error) => {
        throw new ObserverError(toldOf(error), summary?.charges ?? [], { cause: error })
      })
      return {
        memory: { posts: [...posts, ...said.map(({ text }) => text)] } satisfies Memory,
        deliveries: [...own.deliveries, ...transcript.deliveries],
        charges: summary?.charges ?? [],
        tell: [...(own.tell ?? []), ...(transcript.tell ?? [])],
      }
    },
  }
}

/** Where a profile posts the round verbatim. */
const feedOf = (preset: NarratorPreset) => ({
  tool: preset.transcript_tool ?? preset.tool,
  channel: preset.transcript_channel,
})

/** Whether a profile that was chosen before this one posts the round verbatim at the same place. */
async function isFedByAnother(
  name: string,
  preset: NarratorPreset,
  round: Round,
  channels: Channels,
): Promise<boolean> {
  const { profiles } = round.run.spec
  const before = profiles.slice(
    0,
    profiles.findIndex((each) => each.name === name),
  )
  const here = await placeOf({ run: round.run, ...feedOf(preset) }, channels)
  for (const other of before) {
    if (other.fault !== undefined) continue
    const theirs = parseNarrator(other.name, other.preset)
    if (!theirs.post_transcript || (theirs.once && round.index > 0)) continue
    if ((await placeOf({ run: round.run, ...feedOf(theirs) }, channels)) === here) return true
  }
  return false
}

/** A model that did not answer in time is given so long (ms) in the next rounds, until it answers again. */
const AFTER_HANGING = 30_000

/** A message shorter than this has no room for a code fence and what it is about. */
const SHORTEST_LIMIT = 100

/** Each entry of the round word for word, `actor:` first, in as many messages as the profile's limit makes of it. */
function transcriptOf(round: Round, limit: number): { text: string }[] {
  const texts = round.turns.map((turn) => `**${turn.name}:**\n${turn.text}`)
  return texts.flatMap((text) => split(text, Math.max(SHORTEST_LIMIT, limit)).map(({ content }) => ({ text: content })))
}

async function summarize(
  name: string,
  preset: NarratorPreset,
  round: Round,
  posts: string[],
  { models, hold, signal, at, hung }: { models: Models; hung: boolean } & Pick<How, 'hold' | 'signal' | 'at'>,
): Promise<{ text: string; charges: Observed['charges'] }> {
  const model = modelOf(preset.model, round.run)
  const { system, text } = narratorPrompt(preset, round, posts)
  const tell = (what: string) => at(`round ${round.index + 1}: ${what}`)
  // The first picture comes after a title card, and the next round after the picture: such a card stands in the conversation's line.
  const mayWait = !(preset.once && picturesWait(round.run))
  const asked = await ask(
    { models: { call: (call) => models.call({ ...call, aside: mayWait }) }, hold },
    {
      model,
      system,
      messages: [{ role: 'user', blocks: [text] }],
      max_tokens: model.max_tokens,
      temperature: 1,
      tools: [],
      cache_key: `${round.run.id}:profile:${name}`,
      aside: true,
      ...(hung ? { patience: AFTER_HANGING } : {}),
      seed: round.run.spec.seed + round.index,
      signal,
      onWait: (limit) =>
        tell(limit === null ? 'asks its model' : `waits for a call to ${limit.provider}, conversations first`),
    },
    async (error) => tell(`waits: ${error.message}`),
  )
  const usage = asked.kind === 'answer' ? asked.answer.usage : asked.lost
  const charges = charge('narrator', model.alias, usage ?? NO_USAGE)
  if (asked.kind === 'aborted') throw new ObserverError('It was interrupted.', charges)
  if (asked.kind === 'refused') throw new ObserverError(asked.why, charges)
  if (asked.kind === 'failed') throw new ObserverError(asked.error.message, charges, { cause: asked.error })
  return { text: shortened(asked.answer.text.trim(), preset.max_message_length), charges }
}

export function modelOf(model: ModelInfo | string, run: Run): ModelInfo {
  if (typeof model !== 'string') return model
  const first = actorsNow(run)[0]
  if (model !== SAME_AS_LM1 || !first) throw new ObserverError(`There is no model ${model}.`, [])
  return first.model
}

const picturesWait = ({ spec }: Run): boolean =>
  spec.media.some(({ name, preset, fault }) => fault === undefined && parseMedia(name, preset).pace === 'wait')

const isHanging = (error: unknown): boolean =>
  error instanceof ObserverError && error.cause instanceof ModelError && error.cause.failure === 'timeout'

/** Cut at a word where it is too long, by whole characters. */
function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')
  const word = cut.replace(/\s+\S*$/, '')
  return `${word.length > limit / 2 ? word : cut}…`
}
