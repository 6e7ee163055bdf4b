import type { Catalog } from '../config/catalog.ts'
import {
  type OptionName,
  type OptionRow,
  optionFromText,
  parseRunOptions,
  RUN_OPTIONS,
  type RunOptions,
} from '../config/options.ts'
import { parseVar, parseVars } from '../core/vars.ts'
import { newRunId } from '../store/ids.ts'
import { agreed, YES_FLAG } from './agree.ts'
import { asTyped, resolveTyped } from './as-typed.ts'
import { dear, requireKeys } from './before.ts'
import { chosenModels } from './chosen-models.ts'
import type { Command } from './command.ts'
import type { Flag, Flags, Given } from './flags.ts'
import { EXIT } from './io.ts'
import { play } from './play.ts'

/** Options that have a flag of another form, or no sense without Discord. */
const ELSEWHERE = new Set([
  'lm1',
  'lm2',
  'lm3',
  'lm4',
  'lm5',
  'lm6',
  'template',
  'query',
  'vars',
  'profiles',
  'media',
  'channel',
])

const rows = Object.entries(RUN_OPTIONS) as [OptionName, OptionRow][]
const kebab = (name: string): string => name.replaceAll('_', '-')

/** The limits and manners of a run, from the one table of options: `--max-turns N` … */
export const LIMIT_FLAGS: Flags = Object.fromEntries(
  rows.filter(([name]) => !ELSEWHERE.has(name)).map(([name, row]) => [kebab(name), limitFlag(row)]),
)

function limitFlag({ kind, choices, description }: OptionRow): Flag {
  if (kind === 'names') return { kind: 'list', value: 'name', help: description }
  const value = choices?.join('|') ?? (kind === 'whole' ? 'N' : kind === 'number' ? 'X' : kind)
  return { kind: 'text', value, help: description }
}

/** Those who watch a run. */
export const WATCHER_FLAGS = {
  discord: {
    kind: 'list',
    value: 'profile',
    help: 'Narrators that post after each round; here they print their posts',
  },
  profiles: { kind: 'list', value: 'profile', help: 'The same', hidden: true },
  media: {
    kind: 'list',
    value: 'preset',
    help: 'Media agents that paint each round; the pictures are kept and their paths printed',
  },
} as const satisfies Flags

export const run: Command = {
  summary: 'One conversation, here in the terminal',
  usage: ['[--lm a b …] [--template name] [--max-turns N] [--var NAME=value] [--query text] …'],
  about:
    'Alone it means --lm opus opus --template cli. A missing model means the first again. Without --max-turns it goes on until an actor says ^C^C, its budget is used, or you end it: Ctrl-C once sends ^C^C, and waits for the narrators’ last words; twice leaves at once.\nThe run is kept like one of the bot’s: a log file in DATA_DIR/backrooms_logs, and the store, from which list, export and resume take it. What is left unfinished goes on with resume.',
  flags: {
    lm: { kind: 'list', value: 'model', help: 'Who speaks, in turn: aliases or provider:model' },
    template: { kind: 'text', value: 'name', help: 'What the conversation is: a folder in templates/' },
    'max-turns': LIMIT_FLAGS['max-turns'] as Flag,
    var: { kind: 'list', value: 'NAME=value', help: 'A variable of the template, as often as needed' },
    query: { kind: 'text', value: 'text', help: RUN_OPTIONS.query.description },
    ...WATCHER_FLAGS,
    ...LIMIT_FLAGS,
    vars: { kind: 'text', value: 'text', help: RUN_OPTIONS.vars.description },
    ...Object.fromEntries(
      ['lm1', 'lm2', 'lm3', 'lm4', 'lm5', 'lm6'].map((lm) => [lm, { kind: 'text', help: '', hidden: true } as const]),
    ),
    yes: YES_FLAG,
    json: { kind: 'switch', help: 'At the end the run as JSON on stdout (what import reads); nothing else there' },
  },
  examples: [
    ['run', 'two Claude Opus at a command line'],
    ['run --lm opus sonnet --template roleplay --max-turns 20', 'two models, twenty rounds'],
    ['run --lm hermes --template science --query "why is there a hum"', 'one model with itself, on a question'],
    ['run --template gallery --discord chronicle --media demo', 'with a narrator and a painter'],
    ['run --lm ollama:llama3.2:3b opus --max-cost 0.50', 'a local model and a paid one, for half a dollar'],
  ],
  async run(given, terminal) {
    // Without an end in sight the offline voice would fill the disk of whoever only waits for it.
    const parts = await terminal.parts({ paced: terminal.live || !given.has('max-turns') })
    const options = asTyped(() => runOptions(given, parts.catalog))
    const spec = resolveTyped(parts.catalog, options)
    requireKeys(spec, parts)
    for (const note of parts.catalog.startNotes(spec)) terminal.err(note)
    if (!(await agreed(terminal, given, dear(spec)))) return EXIT.failed
    const waiting = await parts.takeUp()
    if (waiting.length > 0)
      terminal.err(
        `Left behind by a terminal that was closed: ${waiting.join(', ')}. To go on: npm run backrooms -- resume ${waiting[0]}`,
      )
    const id = newRunId()
    const place = { id, person: parts.person, guild_id: null, channel_id: null }
    return play(terminal, parts, id, () => parts.steering.start(spec, place), { json: given.has('json') })
  },
}

/** What was typed, as options of a run. Throws UserError. */
export function runOptions(given: Given, catalog: Catalog): RunOptions {
  const { models, template = 'cli' } = chosenModels(given, catalog, 'run')
  const defaults = catalog.templates().find(({ name }) => name === template)?.defaults ?? {}
  const lms = Object.fromEntries(
    ['lm1', 'lm2', 'lm3', 'lm4', 'lm5', 'lm6'].flatMap((lm) => (given.has(lm) ? [[lm, given.text(lm)]] : [])),
  )
  const nobody = models.length === 0 && Object.keys(lms).length === 0 && !defaults.models && !defaults.lm1
  return parseRunOptions({
    ...lms,
    ...(nobody ? { models: ['opus'] } : models.length > 0 ? { models } : {}),
    template,
    ...sharedOptions(given),
  })
}

/** The options that batches take too. Throws UserError. */
export function sharedOptions(given: Given): Record<string, unknown> {
  const vars = { ...parseVars(given.text('vars') ?? ''), ...Object.fromEntries(given.list('var').map(parseVar)) }
  const profiles = [...given.names('discord'), ...given.names('profiles')]
  const media = given.names('media')
  return {
    query: given.text('query'),
    ...(Object.keys(vars).length > 0 ? { vars } : {}),
    ...(profiles.length > 0 ? { profiles } : {}),
    ...(media.length > 0 ? { media } : {}),
    ...limits(given),
  }
}

function limits(given: Given): Record<string, unknown> {
  return Object.fromEntries(
    rows.flatMap(([name, { kind }]) => {
      const flag = kebab(name)
      if (ELSEWHERE.has(name) || !given.has(flag)) return []
      if (kind === 'names') return [[name, given.names(flag)]]
      return [[name, optionFromText(name, given.text(flag) as string, `--${flag}`)]]
    }),
  )
}
