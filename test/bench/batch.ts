import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importLogs } from '../../src/archive/import-logs.ts'
import { planBatch } from '../../src/batch/plan.ts'
import { specOf } from '../../src/batch/spec.ts'
import type { ArchivedRun } from '../../src/core/archive.ts'
import { dreamQuery } from '../../src/core/dreams.ts'
import { randomOf, sample } from '../../src/core/random.ts'
import { dreamSources } from '../../src/dreams/sources.ts'
import { openStore } from '../../src/store/open.ts'
import { batchConfig, catalog, startBatches } from '../batch/kit.ts'
import { answer } from '../engine/kit.ts'
import { percentile, round } from './crew.ts'

const ITEMS = 10_000
const DREAMS = 100_000
const RUNS = 10_000
const TURNS = 60
const LOGS = 1000
const BATCH = 300

/** Planning a batch of 10,000 items, every run of it resolved and checked, and committing the plan. */
export async function planningFigures() {
  return withFolder(async (folder) => {
    const store = await openStore(join(folder, 'a.db'))
    const { plan, sources, batches, kill } = await startBatches({ store, script: () => new Promise(() => {}) })
    await sources.local.put(dreams(ITEMS))
    const heap = memory()
    const began = performance.now()
    const planned = await plan({
      ...{ template: 'dreamsim3', models: ['opus'], max_turns: 1, seed: 1, shuffle: true },
      data_source: { kind: 'local', source: 'all', limit: ITEMS },
    })
    const planning = performance.now() - began
    const committing = performance.now()
    await batches.start('bench1', planned, { guild_id: null, channel_id: null, person: null })
    const committed = performance.now() - committing
    const megabytes = memory() - heap
    await kill()
    await store.close()
    return {
      runs: planned.runs.length,
      plan_ms: round(planning, 0),
      commit_ms: round(committed, 0),
      memory_mb: round(megabytes, 1),
    }
  })
}

/** Searching 100,000 local dreams: rare and common words, parts of words, two words, with the filter and order of a batch. */
export async function dreamSearchFigures() {
  return withFolder(async (folder) => {
    const store = await openStore(join(folder, 'a.db'))
    const filling = performance.now()
    const all = dreams(DREAMS)
    for (let at = 0; at < DREAMS; at += 5000) await store.putDreams(all.slice(at, at + 5000))
    const filled = performance.now() - filling
    const queries = [
      'static',
      'elev',
      'zebra',
      'moth lift',
      'a',
      'lk',
      'ÉLECTRIQUE',
      'glass stair',
      'rain',
      'dream12345',
    ]
    const heap = memory()
    const times = await timed(100, (nth) =>
      store.findDreams(dreamQuery({ query: sample(queries, 5, nth), limit: 200, source: 'mine' })),
    )
    const size = statSync(join(folder, 'a.db')).size
    const more = memory() - heap
    await store.close()
    return {
      import_s: round(filled / 1000, 1),
      ...spread(times),
      memory_mb: round(more, 1),
      disk_mb: round(size / 1e6, 0),
    }
  })
}

/** Searching 10,000 archived runs of 60 turns, as `/archive search` does: the first five with their snippets' transcripts. */
export async function archiveSearchFigures() {
  return withFolder(async (folder) => {
    const store = await openStore(join(folder, 'a.db'))
    const filling = performance.now()
    for (let at = 0; at < RUNS; at += 100)
      await store.archive(
        Array.from({ length: 100 }, (_, nth) => archived(at + nth)),
        false,
      )
    const filled = performance.now() - filling
    const queries = ['static', 'elev', 'zebra', 'moth lift', 'glass stair', 'electr', 'rain', 'run7777']
    const heap = memory()
    const times = await timed(200, async (nth) => {
      const filter = nth % 3 === 0 ? { template: 't1' } : nth % 3 === 1 ? { model: 'opus' } : {}
      const { rows } = await store.searchArchive({ query: sample(queries, 9, nth), guild_id: '1', limit: 5, ...filter })
      for (const { log_file } of rows) await store.archived(log_file)
    })
    const more = memory() - heap
    const size = statSync(join(folder, 'a.db')).size
    await store.close()
    return {
      archive_ms_per_run: round(filled / RUNS, 2),
      ...spread(times),
      memory_mb: round(more, 1),
      disk_mb: round(size / 1e6, 0),
    }
  })
}

/** What a batch costs per run, beside the same runs started one by one with as many at a time; both with models that answer at once. */
export async function batchOverheadFigures() {
  const raw = {
    template: 'dreamsim4',
    models: ['opus'],
    max_turns: 2,
    data_source: { kind: 'none' },
    sequence: { runs: BATCH },
  }
  const script = () => answer('So it goes.')
  return withFolder(async (folder) => {
    const asBatch = await startBatches({ store: await openStore(join(folder, 'a.db')), script })
    const plan = await asBatch.plan(raw)
    const began = performance.now()
    await asBatch.batches.start('bench2', plan, { guild_id: null, channel_id: null, person: null })
    await asBatch.until('bench2', ({ status }) => status === 'ended')
    const batch = performance.now() - began
    await asBatch.kill()

    const single = await startBatches({ store: await openStore(join(folder, 'b.db')), script })
    const { runSpecs } = await specsOf(raw)
    const from = performance.now()
    let next = 0
    const worker = async () => {
      for (let spec = runSpecs[next++]; spec; spec = runSpecs[next++]) {
        const run = await single.engine.start(spec, { guild_id: null, channel_id: null, person: null })
        await ended(single, run.id)
      }
    }
    await Promise.all([worker(), worker(), worker(), worker()])
    const alone = performance.now() - from
    await single.kill()
    return {
      runs: BATCH,
      batch_ms_per_run: round(batch / BATCH, 2),
      one_by_one_ms_per_run: round(alone / BATCH, 2),
      overhead_ms_per_run: round((batch - alone) / BATCH, 2),
    }
  })
}

/** Importing 1,000 log files of 60 turns with their meta lines, and once more, which changes nothing. */
export async function importFigures() {
  return withFolder(async (folder) => {
    const logs = join(folder, 'BackroomsLogs/t1')
    mkdirSync(logs, { recursive: true })
    const metas: string[] = []
    for (let nth = 0; nth < LOGS; nth++) {
      const { transcript, models, template, prompt } = archived(nth)
      const name = `opus_k2_t1_20250101_${String(nth).padStart(6, '0')}.txt`
      writeFileSync(join(logs, name), transcript)
      metas.push(
        JSON.stringify({
          models,
          template,
          prompt,
          start: '2025-01-01T00:00:00Z',
          log_file: `BackroomsLogs/t1/${name}`,
        }),
      )
    }
    writeFileSync(join(logs, 't1_meta.jsonl'), metas.join('\n'))
    const store = await openStore(join(folder, 'a.db'))
    const began = performance.now()
    const { added } = await importLogs(join(folder, 'BackroomsLogs'), store)
    const first = performance.now() - began
    const again = performance.now()
    const { same } = await importLogs(join(folder, 'BackroomsLogs'), store)
    const second = performance.now() - again
    await store.close()
    return { added, first_s: round(first / 1000, 2), same, again_s: round(second / 1000, 2) }
  })
}

async function specsOf(raw: Record<string, unknown>) {
  const store = await openStore(':memory:')
  const { manifest, runs } = await planBatch(batchConfig(raw), { catalog, sources: dreamSources(store, null) })
  await store.close()
  return {
    runSpecs: runs.map((run) =>
      specOf(catalog, manifest.config, run, { item: null, secondary: null, total: runs.length }),
    ),
  }
}

function ended(
  { bus, store }: Pick<Awaited<ReturnType<typeof startBatches>>, 'bus' | 'store'>,
  runId: string,
): Promise<void> {
  return new Promise((resolve) => {
    const off = bus.on('ended', ({ run_id }) => run_id === runId && done())
    const done = () => {
      off()
      resolve()
    }
    void store.run(runId).then((run) => run?.status === 'ended' && done())
  })
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'backrooms-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function timed(times: number, work: (nth: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  for (let nth = 0; nth < times; nth++) {
    const from = performance.now()
    await work(nth)
    took.push(performance.now() - from)
  }
  return took
}

const spread = (times: number[]) => ({
  p50_ms: round(percentile(times, 0.5), 1),
  p99_ms: round(percentile(times, 0.99), 1),
})

/** Resident, MB. */
const memory = () => process.memoryUsage().rss / 1e6

// Words as in a language: few common ones, very many rare ones, so that indexes are as large as real ones.
const COMMON =
  'the a of I and was in it to room door house water light lift static rain glass stair moth train radio'.split(' ')

function words(count: number, seed: number): string {
  const random = randomOf(seed)
  return Array.from({ length: count }, () =>
    random() < 0.6
      ? COMMON[Math.floor(random() ** 3 * COMMON.length)]
      : `w${Math.floor(random() ** 2 * 60_000).toString(36)}`,
  ).join(' ')
}

function dreams(count: number) {
  return Array.from({ length: count }, (_, nth) => ({
    ...{ id: `n${nth}`, content: `${words(80, nth)} dream${nth}${nth % 1000 === 0 ? ' électrique elevator' : ''}` },
    ...{ date: new Date(1.5e12 + nth * 6e5).toISOString(), source: nth % 3 === 0 ? 'rsos' : 'mine', more: {} },
  }))
}

function archived(nth: number): ArchivedRun {
  const turns = Array.from(
    { length: TURNS },
    (_, at) => `### Claude ${(at % 2) + 1} ###\n${words(60, nth * 100 + at)}\n`,
  )
  return {
    ...{
      log_file: `backrooms_logs/t${nth % 5}/${nth}.txt`,
      run_id: `r${nth}`,
      title: `run${nth}`,
      prompt: words(30, nth),
    },
    ...{
      transcript: turns.join('\n'),
      models: nth % 2 ? ['opus', 'k2'] : ['sonnet'],
      template: `t${nth % 5}`,
      max_turns: 30,
    },
    ...{ created_at: 1.7e12 + nth * 6e4, duration_sec: 60, exit_reason: 'max_turns', dream_id: null, source: null },
    ...{ guild_id: '1', thread_id: null },
  }
}
