import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { expect, test } from 'vitest'
import { migrations } from '../../src/store/migrations.ts'
import { openStore } from '../../src/store/open.ts'
import { sqliteDialect } from '../../src/store/sqlite.ts'
import { engineWith, nowhere, ScriptedModels, spec } from '../engine/kit.ts'

const runs = async (store: Awaited<ReturnType<typeof openStore>>, forked_from: string) =>
  (await store.runs({ forked_from })).map(({ id }) => id)

test('the forks of a run are found, and nothing of how they are found is part of a run', async () => {
  const { engine, store } = await engineWith(new ScriptedModels(() => new Promise(() => {})))
  const origin = await engine.start(spec({}), nowhere)
  const other = await engine.start(spec({}), nowhere)
  const fork = await engine.fork(origin.id, nowhere, {})
  const grandchild = await engine.fork(fork.id, nowhere, {})
  expect(await runs(store, origin.id)).toEqual([fork.id])
  expect(await runs(store, fork.id)).toEqual([grandchild.id])
  expect(await runs(store, other.id)).toEqual([])
  expect(Object.keys((await store.run(fork.id)) ?? {})).not.toContain('forked_from')
  await engine.drain(0)
})

test('in a store from before forks were noted they are found too', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'backrooms-forks-')), 'old.db')
  const old = new Kysely<unknown>({ dialect: sqliteDialect(file) })
  await new Migrator({ db: old, provider: { getMigrations: async () => migrations } }).migrateTo('008_ranks')
  await old.destroy()
  const db = new DatabaseSync(file)
  const insert = db.prepare(
    "insert into runs (id, spec, state, status, log_file, rev, panel_rev, next_index, created_at) values (?, ?, '{}', 'ended', ?, 1, 1, 0, ?)",
  )
  const lineages = { origin: null, child: { run_id: 'origin', turn_index: 3 } }
  for (const [id, lineage] of Object.entries(lineages)) insert.run(id, JSON.stringify({ lineage }), id, Date.now())
  db.close()

  const store = await openStore(file)
  expect(await runs(store, 'origin')).toEqual(['child'])
  await store.close()
})
