import type { APIEmbedField } from 'discord-api-types/v10'
import { costOf, countsOf } from '../batch/figures.ts'
import { timeLeft } from '../batch/time-left.ts'
import type { Batch, BatchRun, BatchTally } from '../core/batches.ts'
import type { Button } from '../core/delivery.ts'
import { roundsDone, spentBy } from '../core/ends.ts'
import { count, money, plural, range } from '../core/figures.ts'
import type { LimitWait } from '../core/model.ts'
import type { Run } from '../core/run.ts'
import { linkOf, plain } from './describe.ts'
import type { PanelMessage } from './panel-message.ts'
import { rowsOf } from './poster/messages.ts'

export interface DashboardFacts {
  batch: Batch
  tally: BatchTally[]
  /** Its runs that are going or paused. */
  live: Run[]
  /** Some of those that are done, the latest in the plan first. */
  finished: Run[]
  /** The latest that failed. */
  failed: (BatchRun & { thread_id: string | null })[]
  /** What its runs wait for at a provider; null: nothing. */
  provider: string | null
  /** The limit of calls a minute that holds it back; null: none. */
  limit: LimitWait | null
  /** ms. */
  now: number
}

const COLOURS = { going: 0x3ba55d, paused: 0xfaa61a, stopping: 0xfaa61a, ended: 0x747f8d }
/** Boxes of the progress bar. */
const BAR = 20

/** What a batch is, how far it is, what it costs, and what one can do with it. */
export function dashboardMessage(facts: DashboardFacts): PanelMessage {
  const { batch, tally, live, finished, failed } = facts
  const { manifest } = batch
  const counts = countsOf(tally)
  const over = counts.done + counts.failed
  const share = batch.total === 0 ? 1 : over / batch.total
  const filled = Math.floor(share * BAR)
  const bar = `\`${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}\` ${count(over)} of ${plural(batch.total, 'run')} · ${Math.floor(share * 100)} %`
  const waiting = [
    ...(batch.waiting === null ? [] : [`${batch.waiting} It tries again every minute.`]),
    ...(facts.provider === null ? [] : [`${plain(facts.provider)} It goes on by itself.`]),
  ]
  const fields: APIEmbedField[] = [
    wide('State', cut(stateOf(batch), 600)),
    ...(waiting.length > 0 ? [wide('Waiting', cut(waiting.join('\n'), 600))] : []),
    small('Done', count(counts.done)),
    small('Going', going(live)),
    small('To do', count(counts.planned)),
    ...(counts.stopped > 0 ? [small('Stopped', count(counts.stopped))] : []),
    ...(counts.failed > 0 ? [wide('Failed', byReason(tally, 'failed'))] : []),
    ...(counts.skipped > 0 ? [wide('Left out', byReason(tally, 'skipped'))] : []),
    small('Cost so far', money(spent(facts))),
    small('Expected', expected(facts)),
    small('Time left', left(facts)),
    ...(live.length > 0 ? [wide('Now', lines(live.map(liveLine)))] : []),
    ...(finished.length > 0 ? [wide('Last done', lines(finished.map(doneLine)))] : []),
    ...(failed.length > 0 ? [wide('Latest failures', lines(failed.map(failedLine)))] : []),
    wide('Plan', cut(planOf(batch), 700)),
    ...(manifest.notes.length > 0 ? [wide('Notes', cut(manifest.notes.join('\n'), 500))] : []),
  ]
  return {
    embeds: [
      {
        title: cut(batch.name, 256),
        description: bar,
        color: COLOURS[batch.status],
        fields,
        footer: { text: `batch ${batch.id}` },
      },
    ],
    components: rowsOf(buttonsOf(batch, counts.failed, live)),
  }
}

function buttonsOf({ id, status, waiting }: Batch, failed: number, live: Run[]): Button[] {
  const pause: Button = { custom_id: `batch-pause:${id}`, label: 'Pause', style: 'secondary' }
  const resume: Button = { custom_id: `batch-resume:${id}`, label: 'Resume', style: 'success' }
  const stop: Button = { custom_id: `batch-stop:${id}`, label: 'Stop', style: 'danger' }
  const retry: Button = { custom_id: `batch-retry:${id}`, label: 'Retry failed', style: 'primary' }
  const manifest: Button = { custom_id: `batch-manifest:${id}`, label: 'Manifest', style: 'secondary' }
  const held = status === 'paused' || waiting !== null || live.some((run) => run.status === 'paused')
  return [
    ...(status === 'going' ? [pause] : []),
    ...((status === 'going' || status === 'paused') && held ? [resume] : []),
    ...(status === 'going' || status === 'paused' ? [stop] : []),
    ...(failed > 0 && status !== 'stopping' ? [retry] : []),
    manifest,
  ]
}

function stateOf({ status, status_text, starter_name }: Batch): string {
  const by = starter_name === null ? '' : `, started by ${plain(starter_name)}`
  return `${status}${status === 'going' ? by : ''}${status_text === null ? '' : `: ${status_text}`}`
}

function going(live: Run[]): string {
  const paused = live.filter((run) => run.status === 'paused').length
  return paused === 0 ? count(live.length) : `${count(live.length - paused)}, ${count(paused)} paused`
}

const byReason = (tally: BatchTally[], status: BatchRun['status']): string =>
  tally
    .filter((each) => each.status === status)
    .map(({ reason, count: many }) => `${count(many)} × \`${reason}\``)
    .join(', ')

const spent = ({ tally, live }: DashboardFacts): number =>
  costOf(tally) + live.reduce((sum, run) => sum + spentBy(run), 0)

/** From what the runs so far have cost, once there are some; before, what the plan expected. */
function expected(facts: DashboardFacts): string {
  const { batch, tally } = facts
  const { done, failed, stopped, planned, going } = countsOf(tally)
  const over = done + failed + stopped
  const limit = batch.manifest.config.max_cost
  const of = limit === null ? '' : ` of at most ${money(limit)}`
  if (batch.status === 'ended') return `${money(spent(facts))}${of}`
  if (over < 3) return `${plannedCost(batch.manifest)}${of}`
  const all = costOf(tally) + (costOf(tally) / over) * (planned + going)
  return `${money(limit === null ? all : Math.min(all, limit))}${of}`
}

function plannedCost({ estimate }: Batch['manifest']): string {
  if (estimate === null) return 'unknown'
  return typeof estimate === 'number' ? money(estimate) : range(estimate)
}

function left({ batch, ...facts }: DashboardFacts): string {
  if (batch.status === 'ended') return 'none'
  if (batch.status === 'paused' || batch.waiting !== null) return 'it waits'
  const ms = timeLeft({ ...facts, concurrency: batch.manifest.config.concurrency })
  return ms === null ? 'not known yet' : duration(ms)
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return 'under a minute'
  if (minutes < 60) return `about ${plural(minutes, 'minute')}`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `about ${hours} h ${minutes % 60} min` : `about ${plural(Math.round(hours / 24), 'day')}`
}

const liveLine = (run: Run): string =>
  `${linkOf(run)} · round ${roundsDone(run) + 1}${run.status === 'paused' ? ' · paused' : ''}`

const doneLine = (run: Run): string => `${linkOf(run)} · \`${run.end_reason}\``

const failedLine = ({ index, reason, text, thread_id }: DashboardFacts['failed'][number]): string =>
  `${thread_id === null ? `run ${index + 1}` : `<#${thread_id}>`} · \`${reason}\`${text === null ? '' : ` · ${plain(cut(text, 150))}`}`

function planOf({ manifest, total }: Batch): string {
  const { config, seed, from } = manifest
  return [
    `${plural(total, 'run')} of \`${config.options.template}\``,
    manifest.models.map(({ alias }) => `\`${alias}\``).join(', '),
    ...(from === null ? [] : [`items from ${from}`]),
    `seed ${seed}`,
    `${config.concurrency} at once`,
    ...(config.threads === 'each' ? [] : [`threads: ${config.threads}`]),
  ].join(' · ')
}

/** As many lines as a field holds. */
function lines(all: string[]): string {
  let text = ''
  for (const [at, line] of all.entries()) {
    const next = text === '' ? line : `${text}\n${line}`
    if (next.length > 700) return `${text}\nand ${all.length - at} more`
    text = next
  }
  return text
}

const small = (name: string, value: string): APIEmbedField => ({ name, value: cut(value, 1024), inline: true })
const wide = (name: string, value: string): APIEmbedField => ({ name, value: cut(value, 1024) || '–' })

const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
