import { basename } from 'node:path'
import type { ArchivedRun } from '../core/archive.ts'

// A log of UniversalBackrooms (or our own, which has the same form) and its meta line, read as an archived run.

export type Meta = Record<string, unknown>

/** A line that says who speaks: every log has one. */
const HEADING = /^### .+ ###\s*$/m

export const isLog = (text: string): boolean => HEADING.test(text)

/** Folder and name: how a meta line's log is known again wherever it was moved. */
export const tailOf = (path: string): string => path.split(/[/\\]/).slice(-2).join('/')

interface Log {
  /** Its key in the archive. */
  logFile: string
  /** Empty: only the meta line is there. */
  transcript: string
  meta: Meta | null
  /** When the file was last written (ms); null: there is none. */
  written: number | null
}

/** `problems` is told of dates that are none. */
export function runFrom({ logFile, transcript, meta, written }: Log, problems: string[]): ArchivedRun {
  const head = headOf(transcript)
  const named = nameOf(logFile)
  const models = listOf(meta?.models) ?? listOf(head.Models) ?? named.models
  const template = textOr(meta?.template, head.Template ?? named.template)
  const prompt = textOr(meta?.prompt, head.QUERY ?? head.DREAM_TEXT ?? '')
  const started = startOf([meta?.start, head.Started, named.started], written, logFile, problems)
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
function nameOf(logFile: string): { models: string[]; template: string; started: string | null } {
  const [folder = ''] = tailOf(logFile).split('/')
  const stem = basename(logFile).replace(/\.txt$/, '')
  const [, rest = stem, day, time] = /^(.*?)_(\d{8})_?(\d{6})?/.exec(stem) ?? []
  const started =
    day === undefined
      ? null
      : `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${(time ?? '000000').replace(/(..)(..)(..)/, '$1:$2:$3')}Z`
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

/** Before this nobody logged a conversation of language models. */
const EARLIEST = Date.UTC(2015, 0, 1)
const DAY = 86_400_000

/**
 * The first of these that is a date, else the file's own, else 0, which is sorted last. One that was given and is none, or lies in the
 * future, is told.
 */
function startOf(given: unknown[], written: number | null, logFile: string, problems: string[]): number {
  const wrong: unknown[] = []
  for (const value of given) {
    if (value === null || value === undefined || value === '') continue
    const time = timeOf(value)
    if (time !== null && time >= EARLIEST && time <= Date.now() + DAY) return time
    wrong.push(value)
  }
  const instead =
    written === null
      ? 'it has none now, and is sorted last'
      : `that of the file is taken: ${new Date(written).toISOString().slice(0, 10)}`
  if (wrong.length > 0) problems.push(`${logFile}: its date ${JSON.stringify(wrong[0])} cannot be: ${instead}.`)
  else if (written === null) problems.push(`${logFile}: no date is known: ${instead}.`)
  return written ?? 0
}

/** ms; what has no zone is taken for UTC. Null: no date. */
function timeOf(value: unknown): number | null {
  if (typeof value === 'number') return value < 1e12 ? Math.round(value * 1000) : value
  if (typeof value !== 'string' || value === '') return null
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value.replace(' ', 'T')}Z`
  const time = Date.parse(zoned)
  const [, day] = /^\d{4}-\d\d-(\d\d)T.*Z$/.exec(zoned) ?? []
  // 30 February is taken for 2 March.
  const isReal = !Number.isNaN(time) && (day === undefined || new Date(time).getUTCDate() === Number(day))
  return isReal ? time : null
}
