import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { ArchivedRun } from '../core/archive.ts'
import { UserError } from '../core/errors.ts'

// UniversalBackrooms' logs and meta lines (and our own, which have the same form), read as archived runs.

interface Found {
  runs: AsyncGenerator<ArchivedRun>
  /** How many there will be. */
  count: number
  /** What could not be read, as sentences that name file and line. */
  problems: string[]
}

type Meta = Record<string, unknown>

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
  const problems: string[] = []
  const metas = new Map<string, Meta>()
  for (const name of metaFiles) {
    for (const meta of await readMeta(join(root, name), problems)) metas.set(tailOf(String(meta.log_file)), meta)
  }
  const missing = [...metas].filter(([tail]) => !files.some((name) => tailOf(join(root, name)) === tail))
  async function* runs() {
    for (const name of files) {
      const path = join(root, name)
      const meta = metas.get(tailOf(path)) ?? null
      const key = meta ? String(meta.log_file) : [basename(root), ...relative(root, path).split(sep)].join('/')
      yield runFrom(key, await textOfFile(path), meta)
    }
    for (const [, meta] of missing) yield runFrom(String(meta.log_file), '', meta)
  }
  for (const [, meta] of missing) problems.push(`${meta.log_file}: the log is not there, only its meta line.`)
  return { runs: runs(), count: files.length + missing.length, problems }
}

/** The runs of one meta file; their logs are looked for beside it and where its lines say. Throws UserError. */
export async function readMetaFile(file: string): Promise<Found> {
  const problems: string[] = []
  const metas = await readMeta(file, problems)
  async function* runs() {
    for (const meta of metas) {
      const logFile = String(meta.log_file)
      const beside = dirname(resolve(file))
      const places = [join(beside, basename(logFile)), resolve(beside, '../..', logFile), resolve(logFile)]
      let text: string | null = null
      for (const place of places) text ??= await textOfFile(place).catch(() => null)
      if (text === null) problems.push(`${logFile}: the log is neither beside ${file} nor where its line says.`)
      yield runFrom(logFile, text ?? '', meta)
    }
  }
  return { runs: runs(), count: metas.length, problems }
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

/** Folder and name: how a meta line's log is known again wherever it was moved. */
const tailOf = (path: string): string => path.split(/[/\\]/).slice(-2).join('/')

function runFrom(logFile: string, transcript: string, meta: Meta | null): ArchivedRun {
  const head = headOf(transcript)
  const named = nameOf(logFile)
  const models = listOf(meta?.models) ?? listOf(head.Models) ?? named.models
  const template = textOr(meta?.template, head.Template ?? named.template)
  const prompt = textOr(meta?.prompt, head.QUERY ?? head.DREAM_TEXT ?? '')
  const started = timeOf(meta?.start) ?? timeOf(head.Started) ?? named.started ?? 0
  const duration = Number(meta?.duration_sec ?? Number.NaN)
  const about = prompt.replaceAll(/\s+/g, ' ').trim()
  return {
    log_file: logFile,
    run_id: null,
    title:
      about === '' ? [template, models.join(' × ')].filter(Boolean).join(': ') : `${template}: ${about.slice(0, 80)}`,
    prompt,
    transcript,
    models,
    template,
    max_turns: Number.isInteger(meta?.max_turns) ? (meta?.max_turns as number) : null,
    created_at: started,
    duration_sec: Number.isFinite(duration) ? Math.round(duration) : null,
    exit_reason: textOr(meta?.exit_reason, endOf(transcript) ?? '') || null,
    dream_id: textOr(meta?.dream_id, '') || null,
    source: textOr(meta?.source, '') || null,
    guild_id: null,
    thread_id: null,
  }
}

/** The `Name: value` lines between the first heading and the first round. */
function headOf(text: string): Record<string, string> {
  const head: Record<string, string> = {}
  if (!text.startsWith('### Backrooms Run ###')) return head
  for (const line of text.split('\n').slice(1)) {
    if (line.startsWith('### ')) break
    const [, name, value] = /^([A-Za-z_][\w]*): (.*)$/.exec(line.trimEnd()) ?? []
    if (name !== undefined && value !== undefined) head[name] ??= value
  }
  return head
}

/** `<lm1>_<lm2>_<template>_<YYYYMMDD>_<HHMMSS>.txt`, in a folder that is often the template's. */
function nameOf(logFile: string): { models: string[]; template: string; started: number | null } {
  const [folder = '', name = ''] = tailOf(logFile).split('/').slice(-2)
  const stem = (name === '' ? folder : name).replace(/\.txt$/, '')
  const [, rest = stem, day, time] = /^(.*?)_(\d{8})_?(\d{6})?/.exec(stem) ?? []
  const started =
    day === undefined
      ? null
      : timeOf(
          `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${(time ?? '000000').replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
        )
  const template = rest.endsWith(`_${folder}`) ? folder : (rest.split('_').at(-1) ?? folder)
  const models = rest
    .slice(0, -template.length - 1)
    .split('_')
    .filter((part) => part !== '')
  return { models, template: template === '' ? folder : template, started }
}

const ENDS: [RegExp, string][] = [
  [/has ended the conversation with \^C\^C/, 'stop_sequence'],
  [/Reached maximum number of turns/, 'max_turns'],
  [/Context budget limit reached/, 'context_budget'],
]

function endOf(transcript: string): string | null {
  const tail = transcript.slice(-600)
  return ENDS.find(([pattern]) => pattern.test(tail))?.[1] ?? null
}

function listOf(value: unknown): string[] | null {
  const list = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : []
  const names = list.map((name) => name.trim()).filter((name) => name !== '')
  return names.length > 0 ? names : null
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise

/** ms; what has no zone is taken for UTC. */
function timeOf(value: unknown): number | null {
  if (typeof value === 'number') return value < 1e12 ? Math.round(value * 1000) : value
  if (typeof value !== 'string' || value === '') return null
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value.replace(' ', 'T')}Z`
  const time = Date.parse(zoned)
  return Number.isNaN(time) ? null : time
}
