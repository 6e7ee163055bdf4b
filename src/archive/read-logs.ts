import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { ArchivedRun } from '../core/archive.ts'
import { UserError } from '../core/errors.ts'
import { isLog, type Meta, runFrom, tailOf } from './log-run.ts'

// Where logs and meta lines of UniversalBackrooms lie, and our own.

export interface FoundLog {
  run: ArchivedRun
  /** A meta line tells of it, not the log alone. */
  told: boolean
}

interface Found {
  runs: AsyncGenerator<FoundLog>
  /** How many files and lone meta lines will be looked at. */
  count: number
  /** What could not be read, as sentences that name file and line. Grows while runs are read. */
  problems: string[]
  /** Files that are no logs, as sentences; likewise. */
  skipped: string[]
}

/** Every run below a folder of logs. Throws UserError when there is no such folder, or nothing in it. */
export async function readLogFolder(folder: string): Promise<Found> {
  const root = resolve(folder)
  const names = await readdir(root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${folder} cannot be read (${error.code}): name the folder that holds the logs.`)
  })
  const files = names.filter((name) => name.endsWith('.txt')).sort()
  const metaFiles = names.filter((name) => name.endsWith('_meta.jsonl')).sort()
  if (files.length + metaFiles.length === 0)
    throw new UserError(`${folder} holds no logs: there is no .txt and no _meta.jsonl in it.`)
  return readLogs(root, files, metaFiles, true)
}

/** One log, with its line of the meta files beside it. Throws UserError. */
export async function readLogFile(file: string): Promise<Found> {
  const root = dirname(resolve(file))
  const names = await readdir(root).catch(() => [])
  return readLogs(root, [basename(file)], names.filter((name) => name.endsWith('_meta.jsonl')).sort(), false)
}

/** @param lone whether meta lines count whose log is not there. */
async function readLogs(root: string, files: string[], metaFiles: string[], lone: boolean): Promise<Found> {
  const [problems, skipped]: [string[], string[]] = [[], []]
  const metas = new Map<string, Meta>()
  for (const name of metaFiles) {
    for (const meta of await readMeta(join(root, name), problems)) metas.set(tailOf(String(meta.log_file)), meta)
  }
  const there = new Set(files.map((name) => tailOf(join(root, name))))
  const missing = lone ? [...metas].flatMap(([tail, meta]) => (there.has(tail) ? [] : [meta])) : []
  async function* runs() {
    for (const name of files) {
      const path = join(root, name)
      const meta = metas.get(tailOf(path)) ?? null
      const transcript = await textOfFile(path)
      if (meta === null && !isLog(transcript)) {
        skipped.push(`${name}: no log, since no line like "### Claude Opus 1 ###" stands in it.`)
        continue
      }
      const logFile = meta ? String(meta.log_file) : [basename(root), ...relative(root, path).split(sep)].join('/')
      const { mtimeMs } = await stat(path)
      yield { run: runFrom({ logFile, transcript, meta, written: Math.round(mtimeMs) }, problems), told: meta !== null }
    }
    for (const meta of missing) yield loneRun(meta, problems)
  }
  for (const meta of missing) problems.push(`${meta.log_file}: the log is not there, only its meta line.`)
  return { runs: runs(), count: files.length + missing.length, problems, skipped }
}

const loneRun = (meta: Meta, problems: string[]): FoundLog => ({
  run: runFrom({ logFile: String(meta.log_file), transcript: '', meta, written: null }, problems),
  told: true,
})

/** The runs of one meta file; their logs are looked for beside it and where its lines say. Throws UserError. */
export async function readMetaFile(file: string): Promise<Found> {
  const problems: string[] = []
  const metas = await readMeta(file, problems)
  async function* runs() {
    for (const meta of metas) {
      const logFile = String(meta.log_file)
      const beside = dirname(resolve(file))
      const places = [join(beside, basename(logFile)), resolve(beside, '../..', logFile), resolve(logFile)]
      let found: { transcript: string; written: number } | null = null
      for (const place of places) found ??= await logAt(place)
      if (found === null) {
        problems.push(`${logFile}: the log is neither beside ${file} nor where its line says.`)
        yield loneRun(meta, problems)
      } else yield { run: runFrom({ logFile, meta, ...found }, problems), told: true }
    }
  }
  return { runs: runs(), count: metas.length, problems, skipped: [] }
}

async function logAt(path: string): Promise<{ transcript: string; written: number } | null> {
  try {
    return { transcript: await textOfFile(path), written: Math.round((await stat(path)).mtimeMs) }
  } catch {
    return null
  }
}

async function readMeta(file: string, problems: string[]): Promise<Meta[]> {
  const text = await textOfFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file} cannot be read (${error.code}).`)
  })
  const metas = new Map<string, Meta>()
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const meta = objectOf(line)
    if (meta === null || typeof meta.log_file !== 'string') {
      problems.push(
        `${file}: line ${at + 1} is no meta line: ${meta ? 'log_file is missing' : 'it is no JSON object'}.`,
      )
      continue
    }
    // A run that was repeated under one log: the last line counts.
    metas.set(meta.log_file, meta)
  }
  return [...metas.values()]
}

function objectOf(line: string): Meta | null {
  try {
    const value = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** UTF-8, or else Latin-1, as older logs were written on some machines. */
async function textOfFile(path: string): Promise<string> {
  const bytes = await readFile(path)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
