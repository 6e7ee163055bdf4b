import type { Run, Turn } from './run.ts'

/** What a media agent did in a round, for the log. */
export interface MediaEntry {
  round: number
  preset: string
  mode: string
  prompt: string
  /** What the tool answered, as it came. */
  result: string
}

/**
 * A run as text, in UniversalBackrooms' log format. Grows only at its end, except by a rewind, whose dropped turns stay and are marked.
 * `turns` holds the dropped ones too.
 */
export function renderLog(run: Run, turns: Turn[], media: MediaEntry[] = []): string {
  const { spec } = run
  const lines = [
    '### Backrooms Run ###',
    `Template: ${spec.template}`,
    `Models: ${spec.actors.map((actor) => actor.model.alias).join(', ')}`,
    `Started: ${new Date(run.created_at).toISOString()}`,
    ...Object.entries(spec.vars).map(([name, value]) => `${name}: ${value}`),
    '',
  ]
  let round = -1
  let begins = 0
  // What media agents remember of a round is of the one that counts now, not of those that a rewind dropped.
  const pictures = (end: number) => {
    if (media.length === 0) return []
    const last = turns.findLastIndex((turn) => turn.round === round && turn.dropped_at === null)
    return last >= begins && last < end ? mediaOf(media, round) : []
  }
  for (const [at, turn] of turns.entries()) {
    if (turn.round !== round) {
      lines.push(...pictures(at))
      round = turn.round
      begins = at
      lines.push(`### Round ${round + 1}/${spec.max_turns ?? 'inf'}`, '')
    }
    lines.push(`### ${turn.name} ###`, turn.text, '')
    if (turn.dropped_at !== null && turns[at + 1]?.dropped_at == null) lines.push('### Rewound ###', '')
  }
  lines.push(...pictures(turns.length))
  if (run.status === 'ended') lines.push(run.status_text ?? `Ended: ${run.end_reason}.`, '')
  return lines.join('\n')
}

function mediaOf(media: MediaEntry[], round: number): string[] {
  return media
    .filter((entry) => entry.round === round)
    .flatMap((entry) => [
      '### Media Agent ###',
      `Preset: ${entry.preset}`,
      `Mode: ${entry.mode}`,
      `Prompt: ${entry.prompt}`,
      `Result: ${entry.result}`,
      '',
    ])
}

/** One line of `<template>_meta.jsonl`, as an object. */
export function metaOf(run: Run): Record<string, unknown> {
  const { spec } = run
  const end = run.ended_at ?? Date.now()
  return {
    dream_index: spec.item?.dream_index ?? null,
    dream_id: spec.item?.dream_id ?? null,
    date: spec.item?.date ?? null,
    prompt: promptOf(run),
    source: spec.item?.source ?? null,
    models: spec.actors.map((actor) => actor.model.alias),
    template: spec.template,
    max_turns: spec.max_turns,
    start: new Date(run.created_at).toISOString(),
    end: new Date(end).toISOString(),
    duration_sec: Math.round((end - run.created_at) / 1000),
    log_file: `backrooms_logs/${run.log_file}`,
    exit_reason: run.end_reason,
    returncode: run.end_reason === 'error' ? 1 : 0,
  }
}

/** What seeded the run: its query, else its dream. */
export function promptOf(run: Run): string {
  return run.spec.query ?? run.spec.vars.DREAM_TEXT ?? run.spec.vars.QUERY ?? ''
}
