import type { ModelPlan } from '../core/batch.ts'
import { UserError } from '../core/errors.ts'
import { configSchema, type DataSource, defaultSource, type ParsedConfig } from './config-schema.ts'
import { inspect, isObject, list, type Problems, unknownKeySentences } from './fields.ts'
import { LM_OPTIONS, type RunOptions } from './options.ts'
import { type Pair, splitPair } from './pairs.ts'
import { mediaSchema, narratorSchema } from './preset.ts'
import type { RunContext } from './resolve.ts'

interface AnyConfig {
  /** Path below configs/, without .json. */
  name: string
  /** Relative to the project. */
  file: string
  description: string
  /** As `Catalog.resolveRun` takes them, together with `context`. */
  options: RunOptions & { template: string }
  context: RunContext
  /** Null: as the environment says. */
  auto_sync: boolean | null
  /** Where the meta lines go; null: beside the log. */
  meta_jsonl: string | null
  /** Sentences about what may be meant otherwise: unknown keys, keys without a use. */
  warnings: string[]
}

export interface SingleConfig extends AnyConfig {
  type: 'single'
}

export interface BatchConfig extends AnyConfig {
  type: 'batch'
  plan: ModelPlan
  source: DataSource
  /** Paired with the first item by item. */
  secondary: DataSource | null
  /** Variable to field of the item. */
  vars_from_item: Record<string, string>
  vars_from_secondary: Record<string, string>
  shuffle: boolean
  /** Null: drawn, and kept in the manifest. */
  seed: number | null
  /** After shuffling; null: all. */
  max_items: number | null
  /** How many runs there are when there are no items. */
  runs: number
  concurrency: number
  /** USD for the whole batch; null: none. */
  max_cost: number | null
  /** Which runs get a thread. */
  threads: 'each' | 'failed' | 'none'
}

export type Config = SingleConfig | BatchConfig

/** Weaker than a template's own defaults. */
const SINGLE_FALLBACKS: RunOptions = { max_turns: 30 }
const BATCH_FALLBACKS: RunOptions = { max_turns: 30, on_loop: 'end' }

export interface ReadConfig extends Problems {
  config: Config | null
  /** Names that mean nothing here: models that are not in the registry. At the moment of use they are errors. */
  nowhere: string[]
}

/** @param lookUp throws UserError for a model that is not known. */
export function readConfig(raw: unknown, name: string, file: string, lookUp: (ref: string) => unknown): ReadConfig {
  const { value, errors, warnings } = inspect(configSchema, raw, file)
  warnings.push(...overrideWarnings(raw, file))
  const nowhere: string[] = []
  const check = (ref: string, where: string) => {
    const said = complaint(() => lookUp(ref))
    if (said !== null) nowhere.push(`${file}: ${where}: ${said}`)
  }
  // Models are looked up whatever else is wrong: a person is told of all faults at once.
  const { models = [], pairs: typed = [] } = value ?? namesIn(raw)
  const pairs = typed.flatMap((pair, i): Pair[] => {
    try {
      const halves = splitPair(pair, (ref) => complaint(() => lookUp(ref)) === null)
      for (const ref of halves) check(ref, `pair ${i + 1}`)
      return [halves]
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      errors.push(`${file}: pair ${i + 1}: ${error.message}`)
      return []
    }
  })
  for (const [i, ref] of models.entries()) check(ref, `model ${i + 1}`)
  if (!value) return { config: null, errors, warnings, nowhere }
  if (value.description === undefined && isObject(raw) && typeof raw.note === 'string') value.description = raw.note
  const make = value.type === 'single' ? single : batch
  const config = errors.length > 0 ? null : make(value, pairs, name, file, { errors, warnings })
  if (config) config.warnings = warnings
  return { config: errors.length > 0 ? null : config, errors, warnings, nowhere }
}

/** All faults, a line each: the first ones where they are very many. */
export function faultsOf({ errors, nowhere }: Pick<ReadConfig, 'errors' | 'nowhere'>): string[] {
  const all = [...errors, ...nowhere]
  const more = all.length - MOST_FAULTS
  return more > 1 ? [...all.slice(0, MOST_FAULTS), `And ${more} more like these.`] : all
}

const MOST_FAULTS = 10

/** The models and pairs of a config in which something else is wrong. */
function namesIn(raw: unknown): { models?: string[]; pairs?: string[] } {
  if (!isObject(raw)) return {}
  const read = (value: unknown) => list().safeParse(value).data ?? []
  return { models: read(raw.models), pairs: read(raw.pairs) }
}

const BATCH_ONLY = [
  'mixed',
  'data_source',
  'secondary_data_source',
  'template_vars_from_item',
  'template_vars_from_secondary',
  'shuffle',
  'max_items',
  'sequence',
] as const

function single(value: ParsedConfig, pairs: Pair[], name: string, file: string, problems: Problems): SingleConfig {
  const idle = BATCH_ONLY.filter((key) => value[key] !== undefined)
  if (idle.length > 0) problems.warnings.push(`${file}: a single run has no use for ${idle.join(', ')}.`)
  const common = shared(value, name, file, SINGLE_FALLBACKS)
  const named = value.models ? 'models' : value.lm1 ? 'lm1' : 'pairs'
  const others = [...(named === 'models' ? spelt(value) : []), ...(named !== 'pairs' && value.pairs ? ['pairs'] : [])]
  if (others.length > 0)
    problems.warnings.push(`${file}: ${named} says who speaks, so ${others.join(', ')} does nothing.`)
  if (named === 'pairs') {
    if (pairs.length > 1)
      problems.errors.push(`${file}: pairs: a single run takes one pair; name its models, or make it a batch.`)
    else if (pairs[0]) common.options.models = pairs[0]
  }
  return { type: 'single', ...common }
}

function batch(value: ParsedConfig, pairs: Pair[], name: string, file: string, problems: Problems): BatchConfig {
  const plan = planOf(value, pairs)
  const idle = (['models', 'mixed'] as const).filter((key) => value[key] !== undefined)
  if (pairs.length > 0 && idle.length > 0)
    problems.warnings.push(`${file}: pairs name the models themselves, so ${idle.join(' and ')} does nothing.`)
  const lms = plan ? spelt(value) : []
  if (lms.length > 0)
    problems.warnings.push(`${file}: a batch takes its models from models or pairs, so ${lms.join(', ')} does nothing.`)
  if (!plan) problems.errors.push(`${file}: models is missing; a batch needs models or pairs.`)
  if (plan?.kind.startsWith('mixed') && (value.models?.length ?? 0) < 2) {
    problems.errors.push(`${file}: models must be a list of at least two, since mixed draws pairs from it.`)
  }
  const source = value.data_source ?? defaultSource()
  const common = shared(value, name, file, BATCH_FALLBACKS)
  const { models, max_cost, seed, ...options } = common.options
  const given = (vars: Record<string, string> | undefined) => (vars && Object.keys(vars).length > 0 ? vars : null)
  const varsFromItem = given(value.template_vars_from_item) ?? { DREAM_TEXT: 'content' }
  const filled = [
    ...(hasItems(source) ? Object.keys(varsFromItem) : []),
    ...(hasItems(value.secondary_data_source) ? Object.keys(value.template_vars_from_secondary ?? {}) : []),
  ].filter((variable) => value.vars?.[variable] !== undefined)
  if (filled.length > 0)
    problems.warnings.push(
      `${file}: vars: ${filled.join(', ')} comes from each item, so what is given here does nothing.`,
    )
  return {
    type: 'batch',
    ...common,
    options,
    plan: plan ?? { kind: 'pairs', pairs: [] },
    source,
    secondary: value.secondary_data_source ?? null,
    vars_from_item: varsFromItem,
    vars_from_secondary: given(value.template_vars_from_secondary) ?? {},
    shuffle: value.shuffle ?? source.query !== undefined,
    seed: seed ?? null,
    max_items: value.max_items ?? null,
    runs: value.sequence?.runs ?? 30,
    concurrency: value.concurrency,
    max_cost: max_cost ?? null,
    threads: value.threads,
  }
}

const hasItems = (source: DataSource | undefined): boolean =>
  source !== undefined && source.kind !== 'none' && source.kind !== 'static'

/** Models that are named one by one. */
const spelt = (value: ParsedConfig): string[] => LM_OPTIONS.filter((lm) => value[lm] !== undefined)

function planOf(value: ParsedConfig, pairs: Pair[]): ModelPlan | null {
  if (pairs.length > 0) return { kind: 'pairs', pairs }
  const models = value.models
  if (!models) return null
  if (value.mixed?.mode === 'all') return { kind: 'mixed_all', models }
  if (value.mixed) return { kind: 'mixed_random', models, runs_per_item: value.mixed.runs_per_item }
  return { kind: 'each', models }
}

function shared(value: ParsedConfig, name: string, file: string, fallbacks: RunOptions): AnyConfig {
  const { integrations } = value
  const options = {
    ...optionsOf(value),
    profiles: value.profiles ?? value.discord ?? integrations?.discord,
    media: value.media ?? integrations?.media,
  }
  const narrators = {
    ...(value.discord_overrides ??
      value.discord_options ??
      integrations?.discord_overrides ??
      integrations?.discord_options),
    ...defined({
      post_transcript: integrations?.post_transcript,
      transcript_channel: integrations?.transcript_channel,
      transcript_tool: integrations?.transcript_tool,
    }),
  }
  const media =
    value.media_overrides ?? value.media_options ?? integrations?.media_overrides ?? integrations?.media_options
  return {
    name,
    file,
    description: value.description ?? '',
    options: defined(options) as RunOptions & { template: string },
    context: {
      where: file,
      fallbacks,
      ...(Object.keys(narrators).length > 0 ? { discord_overrides: narrators } : {}),
      ...(media ? { media_overrides: media } : {}),
    },
    auto_sync: value.auto_sync ?? null,
    meta_jsonl: value.output?.meta_jsonl ?? null,
    warnings: [],
  }
}

function optionsOf(value: ParsedConfig): RunOptions {
  const { lm1, lm2, lm3, lm4, lm5, lm6, models, template, query, vars, max_turns, max_cost, title, channel } = value
  const { max_tokens, max_context_frac, context_window, temperature, order, tools, stop, reasoning, on_loop, seed } =
    value
  const lms = { lm1, lm2, lm3, lm4, lm5, lm6, models }
  const limits = { max_turns, max_cost, max_tokens, max_context_frac, context_window, temperature }
  return { ...lms, ...limits, template, query, vars, title, channel, order, tools, stop, reasoning, on_loop, seed }
}

/** Misspelt keys in what is laid over presets. Wrong values are found when it is laid over them. */
function overrideWarnings(raw: unknown, file: string): string[] {
  if (!isObject(raw)) return []
  const places = [
    { at: '', in: raw },
    ...(isObject(raw.integrations) ? [{ at: 'integrations.', in: raw.integrations }] : []),
  ]
  return places.flatMap((place) =>
    (['discord_overrides', 'discord_options', 'media_overrides', 'media_options'] as const).flatMap((key) => {
      const schema = key.startsWith('discord') ? narratorSchema : mediaSchema
      return unknownKeySentences(schema, place.in[key], file, [`${place.at}${key}`])
    }),
  )
}

function complaint(attempt: () => unknown): string | null {
  try {
    attempt()
    return null
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>
}
