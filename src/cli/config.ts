import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { keepAs, requireInside, syncNotes } from '../archive/keeping.ts'
import { isManifest, planAgain } from '../batch/again.ts'
import { lineOf, singleText } from '../batch/plan-line.ts'
import type { Catalog } from '../config/catalog.ts'
import type { Config, SingleConfig } from '../config/config.ts'
import { newRunId } from '../store/ids.ts'
import { agreed } from './agree.ts'
import { asTyped } from './as-typed.ts'
import { BATCH_FLAGS, planParts, runBatch, runPlan } from './batch.ts'
import { dear, requireKeys } from './before.ts'
import type { Command } from './command.ts'
import type { Flag, Given } from './flags.ts'
import { EXIT, WrongUse } from './io.ts'
import type { Parts } from './parts.ts'
import { play } from './play.ts'
import { LIMIT_FLAGS } from './run.ts'
import type { Terminal } from './terminal.ts'

export const config: Command = {
  summary: 'Run a config: one conversation, or a batch of them',
  usage: ['<file|name> [--dry-run] [--seed N] [--max-cost X]', '<manifest.json> [--dry-run] [--max-cost X]'],
  about:
    'A name is a file below configs/, without .json; configs/README.md tells what may stand in it. The manifest of a batch runs the same again: its items, models and seeds in its order.',
  flags: {
    ...BATCH_FLAGS,
    seed: LIMIT_FLAGS.seed as Flag,
    'max-cost': {
      kind: 'text',
      value: 'X',
      help: 'USD, in place of what the file says: for the run, or the whole batch',
    },
  },
  examples: [
    ['config single_roleplay', 'configs/single_roleplay.json'],
    ['config batch_dreamsim3_query --dry-run', 'exactly what would run'],
    ['config ./mine.json --max-cost 3', 'any file, for at most three dollars'],
    ['config var/batches/dreamsim3_k7m2q9.json', 'a batch that was, once more'],
  ],
  async run(given, terminal) {
    const [name, more] = given.words
    if (name === undefined) throw new WrongUse('Name a config: config single_roleplay')
    if (more !== undefined) throw new WrongUse(`config takes one file, not also "${more}".`)
    const seed = given.whole('seed', Number.MIN_SAFE_INTEGER)
    const maxCost = usd(given)
    const parts = await terminal.parts({ paced: terminal.live })
    const here = resolve(terminal.cwd, name)
    if (statSync(here, { throwIfNoEntry: false })?.isDirectory() && /[/\\]|^\.+$/.test(name))
      throw new WrongUse(`${name} is a folder: name a config in it.`)
    const manifest = await manifestAt([here, resolve(terminal.root, name)])
    if (manifest !== null) {
      if (seed !== undefined)
        throw new WrongUse('A manifest holds its runs with their seeds: leave --seed out, or give the config itself.')
      const plan = await planAgain(manifest, { file: name, maxCost, ...planParts(parts) })
      return runPlan(terminal, parts, plan, given)
    }
    const found = asNamed(parts.catalog, name, here)
    if (found.type === 'single') {
      const options = {
        ...found.options,
        ...(seed === undefined ? {} : { seed }),
        ...(maxCost === undefined ? {} : { max_cost: maxCost }),
      }
      return single(terminal, parts, { ...found, options }, given)
    }
    return runBatch(terminal, parts, { ...found, seed: seed ?? found.seed, max_cost: maxCost ?? found.max_cost }, given)
  },
}

/** Throws WrongUse where there is no such config, UserError for what is wrong in it. */
function asNamed(catalog: Catalog, name: string, here: string): Config {
  if (existsSync(here)) return catalog.config(here, true)
  const load = () => catalog.config(name, true)
  return catalog.hasConfig(name) ? load() : asTyped(load)
}

/** The first of these files that is a batch's manifest. What else they are is for others to say. */
async function manifestAt(paths: string[]): Promise<unknown> {
  for (const path of paths) {
    try {
      const raw: unknown = JSON.parse(await readFile(path, 'utf8'))
      if (isManifest(raw)) return raw
    } catch {}
  }
  return null
}

async function single(terminal: Terminal, parts: Parts, found: SingleConfig, given: Given): Promise<number> {
  requireInside(parts.catalog.files.root, found.file, found.meta_jsonl)
  const spec = parts.catalog.resolveRun(found.options, found.context)
  requireKeys(spec, parts)
  const notes = [
    ...found.warnings,
    ...syncNotes(found.auto_sync, found.file, parts.dreams),
    ...parts.catalog.startNotes(spec),
  ]
  for (const warning of notes) terminal.err(warning)
  if (given.has('dry-run')) {
    const { estimate } = lineOf(spec)
    terminal.out(given.has('json') ? JSON.stringify({ ...spec, estimate }, null, 2) : singleText(spec))
    terminal.err('Nothing was started, and nothing spent.')
    return EXIT.done
  }
  if (!(await agreed(terminal, given, dear(spec)))) return EXIT.failed
  await parts.takeUp()
  const id = newRunId()
  await keepAs(id, found, parts.store)
  const place = { id, person: parts.person, guild_id: null, channel_id: null }
  return play(terminal, parts, id, () => parts.steering.start(spec, place), { json: given.has('json') })
}

/** `--max-cost`. Throws WrongUse. */
export function usd(given: Given): number | undefined {
  const typed = given.text('max-cost')
  if (typed === undefined) return undefined
  const value = Number(typed)
  if (typed.trim() === '' || !(value >= 0))
    throw new WrongUse(`--max-cost must be an amount in USD, like 0.50, not "${typed}".`)
  return value
}
