import type { Estimate } from '../core/estimate.ts'
import { money, plural, range } from '../core/figures.ts'
import type { RunSpec } from '../core/run.ts'
import { shorten } from '../core/shorten.ts'
import { estimateOf } from './estimate.ts'

/** What one run will be about and cost, as its spec says, without the spec. */
export interface PlanLine {
  title: string
  models: string[]
  dream_id: string | null
  /** The run's own. */
  seed: number
  /** Narrators. */
  profiles: string[]
  media: string[]
  vars: Record<string, string>
  /** Of its actors' turns. Null: unknown. */
  estimate: Estimate | null
}

export const lineOf = (spec: RunSpec): PlanLine => ({
  title: spec.title,
  models: spec.actors.map(({ model }) => model.alias),
  dream_id: spec.item?.dream_id ?? null,
  seed: spec.seed,
  profiles: spec.profiles.map(({ name }) => name),
  media: spec.media.map(({ name }) => name),
  vars: spec.vars,
  estimate: estimateOf(spec),
})

/**
 * A paragraph with all that is exact about a run.
 * @param at its place, from 0. @param more what stands below its models. @param cut of longer variables so many characters are shown, and what is missing is said
 */
export function lineText(line: PlanLine, at: number, more: string[] = [], cut = Number.POSITIVE_INFINITY): string {
  return [
    `${at + 1}. ${line.title}`,
    `   models: ${line.models.join(', ')}`,
    ...more.map((each) => `   ${each}`),
    ...(line.dream_id === null ? [] : [`   item: ${line.dream_id}`]),
    ...(line.profiles.length === 0 ? [] : [`   narrators: ${line.profiles.join(', ')}`]),
    ...(line.media.length === 0 ? [] : [`   media: ${line.media.join(', ')}`]),
    `   seed: ${line.seed}`,
    `   estimate: ${priceOf(line)}`,
    ...Object.entries(line.vars).map(([name, value]) => `   ${name}: ${whole(value, cut)}`),
  ].join('\n')
}

/** The whole of a single run, with its template and limits. */
export const singleText = (spec: RunSpec): string =>
  lineText(lineOf(spec), 0, [`template: ${spec.template}`, `limits: ${limitsOf(spec)}`])

export function limitsOf({ max_turns, max_cost }: RunSpec): string {
  const rounds = max_turns === null ? 'no limit of rounds' : plural(max_turns, 'round')
  return max_cost === null ? rounds : `${rounds}, at most ${money(max_cost)}`
}

/** `$0.40 to $2.10`, `free` or `unknown`. Observers post as often as their presets say: theirs comes on top. */
export function priceOf({ estimate, profiles, media }: PlanLine): string {
  const beside = [...(profiles.length > 0 ? ['narrators'] : []), ...(media.length > 0 ? ['media agents'] : [])]
  const price = estimate === null ? 'unknown' : estimate.high === 0 ? 'free' : range(estimate)
  return beside.length === 0 || price === 'free' ? price : `${price}, ${beside.join(' and ')} not counted`
}

function whole(value: string, cut: number): string {
  const shown = shorten(value, cut)
  const lines = shown.replaceAll('\n', '\n      ')
  return shown === value ? lines : `${lines} (${plural(value.length, 'character')} in all)`
}
