import type { Kysely, Selectable, Transaction } from 'kysely'
import { logName } from '../core/logname.ts'
import type { Run, RunSpec, Turn } from '../core/run.ts'
import type { Change, Changed, NewCharge, RunStore } from '../core/store.ts'
import { insertDeliveries } from './deliveries.ts'
import { newRunId } from './ids.ts'
import { insertObserver } from './observers.ts'
import type { RunsTable, Schema, TurnsTable } from './schema.ts'
import type { Writer } from './writer.ts'

export function runStore(db: Kysely<Schema>, writer: Writer): RunStore {
  const readRun = runReader()

  async function load(trx: Kysely<Schema>, id: string): Promise<Run | null> {
    const row = await trx.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? readRun(row) : null
  }

  return {
    createRun: (fresh, openingDeliveries) =>
      writer.write(async (trx) => {
        const existing = fresh.id ? await load(trx, fresh.id) : null
        if (existing) return existing
        const now = fresh.imported?.created_at ?? Date.now()
        const run: Run = {
          id: fresh.id ?? newRunId(),
          spec: fresh.spec,
          state: fresh.state,
          status: 'going',
          end_reason: null,
          status_text: null,
          guild_id: fresh.guild_id,
          channel_id: fresh.channel_id,
          thread_id: null,
          panel_message_id: null,
          starter_id: fresh.starter_id,
          starter_name: fresh.starter_name,
          batch_id: fresh.batch_id,
          driver: fresh.driver ?? null,
          log_file: await reserveLogName(trx, fresh.spec, now),
          rev: 1,
          panel_rev: 0,
          next_index: fresh.turns?.length ? Math.max(...fresh.turns.map((turn) => turn.turn_index)) + 1 : 0,
          created_at: now,
          ended_at: null,
          closed_at: null,
          ...fresh.imported,
        }
        await trx
          .insertInto('runs')
          .values({
            ...run,
            forked_from: run.spec.lineage?.run_id ?? null,
            spec: JSON.stringify(run.spec),
            state: JSON.stringify(run.state),
          })
          .execute()
        for (const turn of fresh.turns ?? []) await insertTurn(trx, { ...turn, run_id: run.id })
        for (const memory of fresh.observers ?? []) await insertObserver(trx, run.id, memory)
        await insertDeliveries(trx, openingDeliveries(run), null)
        return run
      }),

    run: (id) => load(db, id),

    async turns(runId, options = {}) {
      let query = db.selectFrom('turns').selectAll().where('run_id', '=', runId).orderBy('turn_index')
      if (!options.dropped) query = query.where('dropped_at', 'is', null)
      return (await query.execute()).map(readTurn)
    },

    change: (runId, decide) =>
      writer.write(async (trx) => {
        const before = await load(trx, runId)
        if (!before) throw new Error(`There is no run ${runId}.`)
        const change = decide(before)
        return change ? commit(trx, before, change) : null
      }),

    async runs(filter) {
      let query = db.selectFrom('runs').selectAll().orderBy('created_at', 'desc').orderBy('id')
      if (filter.status) query = query.where('status', 'in', filter.status)
      if (filter.guild_id) query = query.where('guild_id', '=', filter.guild_id)
      if (filter.channel_id) query = query.where('channel_id', '=', filter.channel_id)
      if (filter.thread_id) query = query.where('thread_id', '=', filter.thread_id)
      if (filter.batch_id) query = query.where('batch_id', '=', filter.batch_id)
      if (filter.forked_from) query = query.where('forked_from', '=', filter.forked_from)
      if (filter.driver !== undefined) query = query.where('driver', filter.driver === null ? 'is' : '=', filter.driver)
      if (filter.unclosed) query = query.where('status', '=', 'ended').where('closed_at', 'is', null)
      const observer = filter.unfinished_by
      if (observer !== undefined) {
        query = query
          .where('status', '=', 'ended')
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('observers')
                  .select('observers.run_id')
                  .whereRef('observers.run_id', '=', 'runs.id')
                  .where('observers.name', '=', observer)
                  .where('observers.cursor', '>=', 1),
              ),
            ),
          )
      }
      if (filter.limit) query = query.limit(filter.limit)
      return (await query.execute()).map(readRun)
    },

    deleteRun: (runId) =>
      writer.write(async (trx) => {
        await trx.deleteFrom('deliveries').where('run_id', '=', runId).execute()
        await trx.deleteFrom('previews').where('run_id', '=', runId).execute()
        await trx.deleteFrom('observers').where('run_id', '=', runId).execute()
        await trx.deleteFrom('turns').where('run_id', '=', runId).execute()
        await trx.deleteFrom('runs').where('id', '=', runId).execute()
      }),

    async panelShown(runId, rev) {
      await writer.write((trx) =>
        trx.updateTable('runs').set({ panel_rev: rev }).where('id', '=', runId).where('panel_rev', '<', rev).execute(),
      )
    },

    async stalePanels() {
      const rows = await db
        .selectFrom('runs')
        .select('id')
        .whereRef('panel_rev', '<', 'rev')
        .where('panel_message_id', 'is not', null)
        .execute()
      return rows.map((row) => row.id)
    },
  }
}

async function commit(trx: Transaction<Schema>, before: Run, change: Change): Promise<Changed> {
  const now = Date.now()
  const turn: Turn | null = change.turn
    ? { ...change.turn, run_id: before.id, turn_index: before.next_index, dropped_at: null, created_at: now }
    : null
  const run: Run = {
    ...before,
    ...change.set,
    state: change.state ?? before.state,
    rev: before.rev + 1,
    next_index: before.next_index + (turn ? 1 : 0),
  }
  if (turn) await insertTurn(trx, turn)
  if (change.rewind) {
    const { from_turn, from_round } = change.rewind
    await trx
      .updateTable('turns')
      .set({ dropped_at: now })
      .where('run_id', '=', run.id)
      .where('turn_index', '>=', from_turn)
      .where('dropped_at', 'is', null)
      .execute()
    await trx.deleteFrom('observers').where('run_id', '=', run.id).where('cursor', '>=', from_round).execute()
  }
  await trx
    .updateTable('runs')
    .set({
      ...change.set,
      ...(change.set?.spec ? { spec: JSON.stringify(change.set.spec) } : {}),
      ...(change.state ? { state: JSON.stringify(change.state) } : {}),
      rev: run.rev,
      next_index: run.next_index,
    } as Partial<RunsTable>)
    .where('id', '=', run.id)
    .execute()
  for (const charge of change.charges ?? []) await insertCharge(trx, run, charge, now)
  if (change.observer) await insertObserver(trx, run.id, change.observer)
  const wanted = typeof change.deliveries === 'function' ? change.deliveries(run, turn) : (change.deliveries ?? [])
  return { run, turn, deliveries: await insertDeliveries(trx, wanted, turn?.turn_index ?? null) }
}

async function insertTurn(trx: Transaction<Schema>, { usage, steps, ...turn }: Turn): Promise<void> {
  await trx
    .insertInto('turns')
    .values({ ...turn, ...usage, steps: JSON.stringify(steps) })
    .execute()
}

function insertCharge(trx: Transaction<Schema>, run: Run, charge: NewCharge, at: number) {
  return trx
    .insertInto('charges')
    .values({
      run_id: run.id,
      guild_id: run.guild_id,
      person_id: run.starter_id,
      person_name: run.starter_name,
      purpose: charge.purpose,
      model: charge.model,
      ...charge.usage,
      at,
    })
    .execute()
}

async function reserveLogName(trx: Transaction<Schema>, spec: RunSpec, now: number): Promise<string> {
  for (let nth = 1; ; nth++) {
    const name = logName(spec, now, nth)
    const taken = await trx.selectFrom('runs').select('id').where('log_file', '=', name).executeTakeFirst()
    if (!taken) return name
  }
}

/** Specs are large and hardly ever change: one parse serves every load of the same text. */
function runReader(): (row: Selectable<RunsTable>) => Run {
  const specs = new Map<string, { text: string; spec: RunSpec }>()
  return ({ forked_from: _, ...row }) => {
    let known = specs.get(row.id)
    if (known?.text !== row.spec) {
      known = { text: row.spec, spec: JSON.parse(row.spec) as RunSpec }
      specs.delete(row.id)
      specs.set(row.id, known)
      if (specs.size > 2000) specs.delete(specs.keys().next().value as string)
    }
    return { ...row, spec: known.spec, state: JSON.parse(row.state) } as Run
  }
}

/** Written out: a long run reads all its turns before each call, and spreading rows was the most costly part of it. */
function readTurn(row: Selectable<TurnsTable>): Turn {
  return {
    run_id: row.run_id,
    turn_index: row.turn_index,
    round: row.round,
    actor_index: row.actor_index,
    name: row.name,
    author_id: row.author_id,
    text: row.text,
    reasoning: row.reasoning,
    whisper_to: row.whisper_to,
    steps: row.steps === '[]' ? [] : JSON.parse(row.steps),
    model: row.model,
    usage: { input: row.input, cached: row.cached, written: row.written, output: row.output, cost: row.cost },
    dropped_at: row.dropped_at,
    created_at: row.created_at,
  }
}
