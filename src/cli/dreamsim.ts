import type { Catalog } from '../config/catalog.ts'
import { type BatchConfig, faultsOf, readConfig } from '../config/config.ts'
import { asOption } from '../config/options.ts'
import { asTyped, requireNames } from './as-typed.ts'
import { BATCH_FLAGS, runBatch } from './batch.ts'
import type { Command } from './command.ts'
import { usd } from './config.ts'
import type { Flags, Given } from './flags.ts'
import { WrongUse } from './io.ts'
import { LIMIT_FLAGS, sharedOptions, WATCHER_FLAGS } from './run.ts'

const RUN_FLAGS: Flags = {
  template: { kind: 'text', value: 'name', help: 'What each conversation is, in place of the command’s own' },
  var: { kind: 'list', value: 'NAME=value', help: 'A variable of the template' },
  vars: { kind: 'text', value: 'text', help: 'Several at once: NAME=value; OTHER=value' },
  ...LIMIT_FLAGS,
  'max-turns': { kind: 'text', value: 'N', help: 'Each run ends after this many rounds; 30 by default' },
  'max-cost': { kind: 'text', value: 'X', help: 'USD for the whole batch; each run has its own limit of 2 besides' },
  seed: { kind: 'text', value: 'N', help: 'The same seed plans the same runs in the same order' },
  concurrency: { kind: 'text', value: 'N', help: 'How many runs go on at once; 4 by default' },
  out: { kind: 'text', value: 'file', help: 'A second copy of the runs’ meta lines (JSONL)' },
  ...WATCHER_FLAGS,
  ...BATCH_FLAGS,
}

const MODELS = {
  kind: 'list',
  value: 'model',
  help: 'Each converses with itself; several with commas or spaces between',
} as const
const PAIRS = { kind: 'list', value: 'a:b', help: 'Pairs of models: opus:sonnet, haiku+opus' } as const

export const dreamsim3: Command = {
  summary: 'One conversation for each dream that matches, as one batch',
  usage: ['[--query words] [--source mine|rsos|all] [--models a,b | --pairs a:b] [--limit N] [--max-dreams N] …'],
  about:
    'Dreams come from Supabase where SUPABASE_URL and a key are set, else from the local store, which holds thirty to begin with. Every word must occur, as part of a word at least; case does not count, nor do accents in the local store (in Supabase they do).\nDreams are shuffled when there is a query: --no-shuffle keeps their order, --seed repeats it.',
  flags: {
    query: { kind: 'text', value: 'words', help: 'Words that must all occur in the dream' },
    source: { kind: 'text', value: 'name', help: 'Whose dreams: mine (default), rsos, any other, or all' },
    limit: { kind: 'text', value: 'N', help: 'At most so many dreams, the newest; 200 by default' },
    ids: { kind: 'list', value: 'id', help: 'These dreams and no others' },
    models: { ...MODELS, help: `${MODELS.help}; sonnet by default` },
    pairs: PAIRS,
    mixed: { kind: 'switch', help: 'Pairs made of --models instead of each with itself' },
    'mixed-mode': {
      kind: 'text',
      value: 'all|random',
      help: 'All pairs there are (default), or drawn at random for each dream',
    },
    'runs-per-dream': { kind: 'text', value: 'N', help: 'How often each dream is run; 1 by default' },
    'runs-per-item': { kind: 'text', help: '', hidden: true },
    'max-dreams': { kind: 'text', value: 'N', help: 'Take so many of the dreams found, after shuffling' },
    'max-items': { kind: 'text', help: '', hidden: true },
    shuffle: { kind: 'switch', help: 'Shuffle the dreams although there is no query' },
    'no-shuffle': { kind: 'switch', help: 'Keep their order: the newest first' },
    ...RUN_FLAGS,
  },
  examples: [
    ['dreamsim3 --query static --source all --dry-run', 'which runs there would be'],
    ['dreamsim3 --query static --models sonnet,opus --max-dreams 5', 'ten runs'],
    ['dreamsim3 --query "old school" --pairs opus:hermes --max-turns 10 --max-cost 5', 'one pair, five dollars in all'],
    ['dreamsim3 --models opus,sonnet,hermes --mixed --mixed-mode random', 'a pair by lot for each dream'],
  ],
  async run(given, terminal) {
    noWords('dreamsim3', given)
    const parts = await terminal.parts()
    return runBatch(terminal, parts, batchFrom(dreams(given, parts.catalog), 'dreamsim3', parts.catalog, given), given)
  },
}

export const dreamsim4: Command = {
  summary: 'A sequence of conversations without a dream to begin with, as one batch',
  usage: ['--models a,b [--runs N] …', '--pairs a:b … '],
  flags: {
    models: { ...MODELS, help: 'Each converses with itself, in turn, until there are --runs' },
    runs: { kind: 'text', value: 'N', help: 'How many runs; 30 by default' },
    pairs: { ...PAIRS, help: 'Pairs of models, one run for each' },
    ...RUN_FLAGS,
  },
  examples: [
    ['dreamsim4 --models opus,sonnet --runs 6', 'three runs of each with itself'],
    ['dreamsim4 --pairs opus:sonnet sonnet:opus --max-turns 10', 'two runs'],
  ],
  async run(given, terminal) {
    noWords('dreamsim4', given)
    if (!given.has('models') && !given.has('pairs'))
      throw new WrongUse('Name --models (each with itself, in turn, --runs times) or --pairs.')
    if (given.has('pairs') && given.has('runs'))
      throw new WrongUse(
        '--runs goes with --models; each of --pairs is one run, so name a pair as often as you want it.',
      )
    const runs = given.whole('runs')
    const parts = await terminal.parts()
    const raw = {
      ...common(given, 'dreamsim4'),
      ...chosen(given),
      data_source: { kind: 'none' },
      ...(runs === undefined ? {} : { sequence: { runs } }),
    }
    return runBatch(terminal, parts, batchFrom(raw, 'dreamsim4', parts.catalog, given), given)
  },
}

function dreams(given: Given, catalog: Catalog): Record<string, unknown> {
  const often = given.whole('runs-per-dream') ?? given.whole('runs-per-item')
  const mixed = given.has('mixed') || given.has('mixed-mode')
  const ids = given.names('ids')
  return {
    ...common(given, 'dreamsim3'),
    ...chosen(given, mixed ? 1 : often, catalog),
    ...(mixed
      ? { mixed: { mode: given.text('mixed-mode') ?? 'all', ...(often === undefined ? {} : { runs_per_item: often }) } }
      : {}),
    ...(given.has('shuffle') ? { shuffle: true } : given.has('no-shuffle') ? { shuffle: false } : {}),
    max_items: given.whole('max-dreams') ?? given.whole('max-items'),
    data_source: {
      query: given.text('query'),
      source: given.text('source') ?? (ids.length > 0 ? 'all' : undefined),
      limit: given.whole('limit'),
      ids: ids.length > 0 ? ids : undefined,
    },
  }
}

/** Models or pairs, each as often as asked. */
function chosen(given: Given, often = 1, catalog?: Catalog): { models?: string[]; pairs?: string[] } {
  const repeated = (list: string[]) => Array.from({ length: often }, () => list).flat()
  const [models, pairs] = [given.names('models'), given.names('pairs')]
  const beside = ['models', 'mixed', 'mixed-mode'].find((name) => given.has(name))
  if (pairs.length > 0 && beside !== undefined)
    throw new WrongUse(`--pairs name the models themselves: leave out --${beside}, or --pairs.`)
  if (pairs.length > 0) return { pairs: repeated(pairs) }
  if (models.length > 0) return { models: repeated(models) }
  const aliases = catalog?.models().map(({ alias }) => alias) ?? []
  const usual = aliases.includes('sonnet') ? 'sonnet' : aliases[0]
  return usual === undefined ? {} : { models: repeated([usual]) }
}

function common(given: Given, template: string): Record<string, unknown> {
  const { query: _, ...options } = asTyped(() => sharedOptions(given))
  return {
    template: given.text('template') ?? template,
    ...options,
    max_cost: usd(given),
    concurrency: given.whole('concurrency'),
  }
}

/** A batch from what was typed, by the same rules as a config file's. Throws UserError. */
function batchFrom(raw: Record<string, unknown>, command: string, catalog: Catalog, given: Given): BatchConfig {
  const plain = JSON.parse(JSON.stringify({ type: 'batch', ...raw }))
  const read = readConfig(plain, command, command, (ref) => catalog.model(ref))
  const wrong = faultsOf(read).map((fault) => asOption(fault, (field) => flagOf(field, given)))
  if (wrong.length > 0) throw new WrongUse(wrong.join('\n'))
  const config = read.config as BatchConfig
  requireNames(catalog, config.options)
  return config
}

/** The flag by which a field of a config was typed; the field itself where none was. */
function flagOf(field: string, given: Given): string {
  const name = field.slice(field.lastIndexOf('.') + 1).replaceAll('_', '-')
  const flags =
    field === 'mixed.mode'
      ? ['mixed-mode']
      : [name, name.replace('per-item', 'per-dream'), name.replace('items', 'dreams')]
  const typed = flags.find((flag) => given.has(flag))
  return typed === undefined ? field : `--${typed}`
}

function noWords(command: string, given: Given): void {
  const [word] = given.words
  if (word !== undefined)
    throw new WrongUse(`${command} takes flags alone, not "${word}". A search is --query "${word}".`)
}
