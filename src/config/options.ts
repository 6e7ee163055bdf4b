import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { parseVars, varText } from '../core/vars.ts'
import { choice, list, names, number, object, parseOrThrow, splitNames, text, whole } from './fields.ts'

/**
 * One option of a run, as every door shows it: slash option `max_turns`, config key `max_turns`, terminal flag `--max-turns`.
 * `names` and `vars` are one text in Discord and the terminal, a list or an object in files.
 */
export interface OptionRow {
  description: string
  kind: 'model' | 'template' | 'text' | 'whole' | 'number' | 'choice' | 'names' | 'vars' | 'channel'
  min?: number
  max?: number
  /** Longest text, in characters. */
  length?: number
  choices?: readonly [string, ...string[]]
}

const SEEDS = Number.MAX_SAFE_INTEGER

/** In the order in which the doors show them. Descriptions have at most 100 characters, Discord's limit. */
export const RUN_OPTIONS = {
  lm1: { kind: 'model', description: 'First speaker: an alias from the registry, or provider:model' },
  lm2: { kind: 'model', description: 'Second speaker; without it the first model again' },
  template: { kind: 'template', description: 'What the conversation is: a folder in templates/' },
  query: { kind: 'text', length: 6000, description: 'Text for the template: sets QUERY and DREAM_TEXT' },
  vars: { kind: 'vars', length: 6000, description: 'Template variables: NAME=value; OTHER=value' },
  max_turns: {
    kind: 'whole',
    min: 1,
    max: 100_000,
    description: 'Ends after this many rounds, each actor speaking once; none by default',
  },
  max_cost: {
    kind: 'number',
    min: 0,
    max: 10_000,
    description: 'Ends when the run would cost more, in USD; 2 by default',
  },
  profiles: { kind: 'names', length: 1000, description: 'Narrators that post after each round, commas between' },
  media: {
    kind: 'names',
    length: 1000,
    description: 'Media agents that paint each round, commas between; template: its own',
  },
  title: { kind: 'text', length: 100, description: 'Name of the thread' },
  channel: {
    kind: 'channel',
    description: 'Where the thread opens: a text, announcement or forum channel; here by default',
  },
  lm3: { kind: 'model', description: 'Third speaker, for templates with three or more' },
  lm4: { kind: 'model', description: 'Fourth speaker' },
  lm5: { kind: 'model', description: 'Fifth speaker' },
  lm6: { kind: 'model', description: 'Sixth speaker' },
  max_tokens: {
    kind: 'whole',
    min: 1,
    max: 1_000_000,
    description: 'Longest answer in tokens; by default as the registry says',
  },
  max_context_frac: {
    kind: 'number',
    min: 0,
    max: 1,
    description: 'Ends when an answer would fill more of a context window than this; 0: never',
  },
  context_window: {
    kind: 'whole',
    min: 1,
    max: 100_000_000,
    description: 'Context window in tokens; by default as the registry says',
  },
  temperature: { kind: 'number', min: 0, max: 2, description: 'How freely the models choose words; 1 by default' },
  order: {
    kind: 'choice',
    choices: ['round_robin', 'random', 'mentioned', 'moderator'],
    description: 'Who speaks next; in turn by default',
  },
  tools: { kind: 'names', length: 1000, description: 'MCP tools the actors may call: server/tool, commas between' },
  stop: {
    kind: 'choice',
    choices: ['line', 'anywhere'],
    description: 'Where ^C^C must stand to end the run; on a line of its own by default',
  },
  reasoning: {
    kind: 'choice',
    choices: ['hidden', 'spoiler', 'shown'],
    description: "Whether the thread shows a model's reasoning; hidden by default",
  },
  on_loop: {
    kind: 'choice',
    choices: ['notice', 'end', 'nudge', 'swap', 'off'],
    description: 'What happens when the run repeats itself; a notice by default',
  },
  seed: { kind: 'whole', min: -SEEDS, max: SEEDS, description: 'For everything random in the run; random by default' },
} as const satisfies Record<string, OptionRow>

export type OptionName = keyof typeof RUN_OPTIONS

export const LM_OPTIONS = ['lm1', 'lm2', 'lm3', 'lm4', 'lm5', 'lm6'] as const

const rows: Record<OptionName, OptionRow> = RUN_OPTIONS
const wholeOf = (row: { min: number; max: number }) => whole(row.min, row.max)
const numberOf = (row: { min: number; max: number }) => number(row.min, row.max)

const VARS =
  'NAME=value, several separated by ; as in TOPIC=alchemy; TONE=dry (in a file: an object of names and values)'
const vars = z
  .union([text(), z.record(z.string(), z.union([text(), z.number(), z.boolean(), z.null()]))], { error: VARS })
  .transform((value, ctx) => {
    if (typeof value !== 'string') {
      const given = Object.entries(value).filter(([, each]) => each !== null)
      return Object.fromEntries(given.map(([name, each]) => [name, varText(each)]))
    }
    try {
      return parseVars(value)
    } catch {
      ctx.issues.push({ code: 'custom', input: value, message: VARS })
      return z.NEVER
    }
  })

/** Every option, none required: templates and configs share it. `models` is the list that lm1 … lm6 spell out. */
export const optionShape = {
  ...(Object.fromEntries(LM_OPTIONS.map((name) => [name, text().optional()])) as Record<
    (typeof LM_OPTIONS)[number],
    z.ZodOptional<z.ZodString>
  >),
  models: list().optional(),
  template: text().optional(),
  query: text().optional(),
  vars: vars.optional(),
  max_turns: wholeOf(RUN_OPTIONS.max_turns).optional(),
  max_cost: numberOf(RUN_OPTIONS.max_cost).optional(),
  profiles: names().optional(),
  media: names().optional(),
  title: text().optional(),
  channel: text().optional(),
  max_tokens: wholeOf(RUN_OPTIONS.max_tokens).optional(),
  max_context_frac: numberOf(RUN_OPTIONS.max_context_frac).optional(),
  context_window: wholeOf(RUN_OPTIONS.context_window).optional(),
  temperature: numberOf(RUN_OPTIONS.temperature).optional(),
  order: choice(RUN_OPTIONS.order.choices).optional(),
  tools: names().optional(),
  stop: choice(RUN_OPTIONS.stop.choices).optional(),
  reasoning: choice(RUN_OPTIONS.reasoning.choices).optional(),
  on_loop: choice(RUN_OPTIONS.on_loop.choices).optional(),
  seed: wholeOf(RUN_OPTIONS.seed).optional(),
}

const optionsSchema = object(optionShape)

/** The options of one run as its door received them, checked and in their final kinds. */
export type RunOptions = z.output<typeof optionsSchema>

/** @param file where they stand, if in a file. Throws UserError. */
export function parseRunOptions(raw: Record<string, unknown>, file: string | null = null): RunOptions {
  return parseOrThrow(optionsSchema, raw, file)
}

/** A sentence about a field of a config, where that was filled from an option: with the option's name. */
export const asOption = (sentence: string, optionOf: (field: string) => string): string =>
  sentence.replace(
    /^(\S+: )([a-z_.]+)(?= (?:must be|is missing))/,
    (_, where: string, field: string) => where + optionOf(field),
  )

/** An option as typed in a terminal, in its own kind. `flag` is how it was typed. Throws UserError. */
export function optionFromText(name: OptionName, typed: string, flag: string): unknown {
  const row = rows[name]
  if (row.kind === 'names') return splitNames(typed)
  if (row.kind !== 'whole' && row.kind !== 'number') return typed
  const value = typed.trim() === '' ? Number.NaN : Number(typed)
  const schema = (row.kind === 'whole' ? whole : number)(row.min as number, row.max as number)
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new UserError(`${flag} must be ${parsed.error.issues[0]?.message}, not "${typed}".`)
  return value
}
