import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BatchPlan, PlanParts } from '../batch/checked-plan.ts'
import { costOf, countsOf } from '../batch/figures.ts'
import { planBatch } from '../batch/plan.ts'
import { planSummary, planText, whyAsk } from '../batch/plan-text.ts'
import { ProviderWaits } from '../batch/provider-waits.ts'
import type { BatchConfig } from '../config/config.ts'
import type { Batch } from '../core/batches.ts'
import { UserError } from '../core/errors.ts'
import { ASK_ABOVE } from '../core/estimate.ts'
import { money } from '../core/figures.ts'
import { ALL_OFFLINE } from '../core/notices.ts'
import { agreed, YES_FLAG } from './agree.ts'
import { requireKeys } from './before.ts'
import type { Flags, Given } from './flags.ts'
import { EXIT } from './io.ts'
import type { Parts, Stage } from './parts.ts'
import { plain } from './screen.ts'
import type { Terminal } from './terminal.ts'

/** What every command that begins a batch takes. */
export const BATCH_FLAGS = {
  'dry-run': { kind: 'switch', help: 'List the exact runs (item, models, variables, estimate), and spend nothing' },
  yes: YES_FLAG,
  json: { kind: 'switch', help: 'stdout: the plan of a dry run, or the manifest with its results at the end, as JSON' },
} as const satisfies Flags

/** Plans, asks where it is large, begins, and follows it to its end. Throws UserError before anything is spent. */
export async function runBatch(terminal: Terminal, parts: Parts, config: BatchConfig, given: Given): Promise<number> {
  return runPlan(terminal, parts, await planBatch(config, { sources: parts.dreams, ...planParts(parts) }), given)
}

export const planParts = (parts: Parts): PlanParts => ({
  catalog: parts.catalog,
  check: (spec) => requireKeys(spec, parts),
})

/** The same from a plan that is made. */
export async function runPlan(terminal: Terminal, parts: Parts, plan: BatchPlan, given: Given): Promise<number> {
  const out = given.text('out')
  // A file may name only places inside the project; who sits at the terminal may write where they like.
  if (out !== undefined) plan.manifest.config.meta_jsonl = resolve(terminal.cwd, out)
  const json = given.has('json')
  if (given.has('dry-run')) {
    const { manifest, items, lines } = plan
    if (json) terminal.out(JSON.stringify({ manifest, items, runs: lines }, null, 2))
    else terminal.out(planText(plan).trimEnd())
    if (json) for (const note of manifest.notes) terminal.err(note)
    terminal.err('Nothing was started, and nothing spent.')
    return EXIT.done
  }
  const why = whyAsk(plan, ASK_ABOVE)
  if (!(await agreed(terminal, given, why && `${summary(plan)}\n${why}`))) return EXIT.failed
  await parts.takeUp()
  const id = parts.batches.newId()
  terminal.err(summary(plan))
  terminal.err(`Batch ${id} begins. If this terminal is closed: npm run backrooms -- resume ${id}`)
  if (plan.manifest.models.some(({ provider }) => provider === 'offline')) terminal.err(ALL_OFFLINE)
  const place = { guild_id: null, channel_id: null, person: parts.person }
  return follow(terminal, parts, id, () => parts.batches.start(id, plan, place), json)
}

const summary = (plan: BatchPlan): string => planSummary(plan, (name) => name)

/** Shows a batch until it has ended or is paused, and answers Ctrl-C: once to stop it, twice to leave. */
export async function follow(
  terminal: Terminal,
  parts: Parts,
  id: string,
  begin: () => Promise<unknown>,
  json: boolean,
): Promise<number> {
  const { batches, person } = parts
  parts.hurry()
  if (!json) parts.setStage(stageOf(terminal, parts))
  const begun = begin()
  let interrupted = false
  const ignore = terminal.onInterrupt((nth) => {
    if (nth > 1) return terminal.leave()
    interrupted = true
    terminal.err(
      '\n^C^C: the batch is stopping: what goes on ends, what has not begun is left out. Ctrl-C again leaves at once.',
    )
    begun
      .then(() => batches.stop(id, person))
      .catch((error) => {
        if (!(error instanceof UserError)) throw error
      })
      .then(() => hurry(parts))
  })
  const over = watched(terminal, parts, id)
  try {
    await begun
    const batch = await over.promise
    terminal.progress.end()
    await lastWords(terminal, parts)
    const code = await report(terminal, parts, batch, json)
    return interrupted ? EXIT.interrupted : code
  } finally {
    over.forget()
    ignore()
  }
}

/** What narrators and media agents post, and what runs tell of, named by their runs. */
function stageOf(terminal: Terminal, { dataDir }: Parts): Stage {
  const { bold, dim } = terminal.paint
  return {
    post(run, who, text, files) {
      terminal.progress.end()
      const shown = [plain(text), ...files.map(({ path }) => `${dataDir}/${path}`)].filter((each) => each !== '')
      terminal.out(`${bold(`[${who} · ${run.id}]`)} ${shown.join('\n')}`)
    },
    notice(run, text) {
      terminal.progress.end()
      terminal.err(dim(`${run.id}: ${plain(text)}`))
    },
  }
}

/** Narrators and media agents may still be at a run's last rounds when it has ended. They get as long as they bring something (ms), a little longer than `rounds.ts` gives them. */
const LAST_WORDS = 6 * 60_000
const TELL_AFTER = 2000

/** A person does not want to wait for the watchers of runs that have ended. */
async function hurry({ store, steering, driver, person }: Parts): Promise<void> {
  for (const { id } of await store.runs({ unclosed: true, driver })) await steering.stop(id, person)
}

/** Resolves when every run that ended here is closed, those of an earlier process included: what is cut short would be done again by the next one. */
async function lastWords(terminal: Terminal, { store, bus, driver }: Parts): Promise<void> {
  const from = Date.now()
  let last = from
  let told = false
  const off = bus.on('observed', ({ brought }) => {
    if (brought) last = Date.now()
  })
  while ((await store.runs({ unclosed: true, driver, limit: 1 })).length > 0 && Date.now() - last < LAST_WORDS) {
    if (!told && Date.now() - from > TELL_AFTER) {
      terminal.err('Narrators and media agents finish the last rounds. Ctrl-C ends their work.')
      told = true
    }
    await sleep(100)
  }
  off()
}

/** Dashboards may miss a change that another process makes (ms). */
const LOOK_EVERY = 1000

function watched(terminal: Terminal, { store, bus, batches }: Parts, id: string) {
  const { promise, resolve, reject } = Promise.withResolvers<Batch>()
  let looking = false
  let again = false
  const look = async () => {
    const batch = await store.batch(id)
    if (!batch) return
    const tally = await store.batchTally(id)
    const { done, failed, skipped, stopped, going } = countsOf(tally)
    const cost = costOf(tally)
    const figures = [
      ...(going > 0 ? [`${going} going`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(cost > 0 ? [money(cost)] : []),
      ...(batch.status === 'going' ? [] : [batch.status]),
      ...(batch.status !== 'going' || waits.of(id) === null ? [] : [plain(waits.of(id) as string)]),
    ]
    terminal.progress.show(done + failed + skipped + stopped, batch.total, figures.join(', '))
    const still = (await batches.live(id)).some(({ status }) => status === 'going')
    if (batch.status === 'ended' || (batch.status === 'paused' && !still)) resolve(batch)
  }
  const soon = () => {
    again = looking
    if (looking) return
    looking = true
    look()
      .catch(reject)
      .finally(() => {
        looking = false
        if (again) soon()
      })
  }
  const off = bus.on('batch', (news) => news.batch_id === id && soon())
  const waits = new ProviderWaits(bus, (changed) => changed === id && soon())
  const every = setInterval(soon, LOOK_EVERY)
  return {
    promise,
    forget() {
      off()
      waits.close()
      clearInterval(every)
    },
  }
}

async function report(
  terminal: Terminal,
  { store, batches, dataDir }: Parts,
  batch: Batch,
  json: boolean,
): Promise<number> {
  const tally = await store.batchTally(batch.id)
  const manifest = await batches.manifest(batch.id)
  const folder = join(dataDir, 'batches')
  const file = join(folder, `${batch.name.replaceAll(/[^\w.-]+/g, '_')}_${batch.id}.json`)
  await mkdir(folder, { recursive: true })
  await writeFile(file, `${manifest}\n`)
  if (json) terminal.out(manifest)
  const { failed, planned } = countsOf(tally)
  const { bold } = terminal.paint
  const reasons = tally.filter(({ reason }) => reason !== null).map(({ reason, count }) => `${count} ${reason}`)
  terminal.err(
    [
      batch.status === 'ended'
        ? bold(`Batch ${batch.id} has ended.`)
        : `${bold('Paused.')} ${batch.status_text ?? ''}`.trim(),
      ...(reasons.length > 0 ? [`Runs: ${reasons.join(', ')}. Cost: ${money(costOf(tally))}.`] : []),
      ...(batch.status === 'ended' ? [] : [`To go on: npm run backrooms -- resume ${batch.id}`]),
      ...(failed > 0 ? [`To run the failed ones again: npm run backrooms -- resume ${batch.id} --retry-failed`] : []),
      ...(batch.manifest.config.meta_jsonl === null ? [] : [`Meta lines: ${batch.manifest.config.meta_jsonl}`]),
      `Logs: ${join(dataDir, 'backrooms_logs', batch.manifest.config.options.template)}`,
      `Manifest: ${file}`,
    ].join('\n'),
  )
  const failures = await store.batchRuns(batch.id, { status: ['failed'], limit: 5 })
  for (const { index, text } of failures) terminal.err(`  run ${index + 1}: ${text ?? 'failed'}`)
  return batch.status === 'ended' && failed === 0 && planned === 0 ? EXIT.done : EXIT.failed
}
