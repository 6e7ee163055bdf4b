import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { supabaseArchive } from '../../src/archive/remote.ts'
import { ArchiveSync, syncArchive } from '../../src/archive/sync.ts'
import type { ArchivedRun } from '../../src/core/archive.ts'
import { dreamQuery } from '../../src/core/dreams.ts'
import { findSome } from '../../src/dreams/explain.ts'
import { supabaseDreams } from '../../src/dreams/supabase.ts'
import { openStore } from '../../src/store/open.ts'
import { supabase } from '../../src/supabase/client.ts'
import { dreamSourceContract } from '../contracts/dreams.ts'
import { type SupabaseStandIn, startSupabase } from './stand-in.ts'

let server: SupabaseStandIn

beforeAll(async () => {
  server = await startSupabase()
}, 60_000)
afterAll(() => server?.stop())

const owner = () => supabase(server.url, server.serviceKey)

dreamSourceContract('Supabase, with the function dreams_search', async () => {
  await server.sql('truncate dreams')
  return supabaseDreams(owner())
})

describe('without the function', () => {
  beforeAll(async () => {
    await server.sql('drop function dreams_search')
    await server.reload()
  })

  dreamSourceContract('Supabase, by ilike on every word', async () => {
    await server.sql('truncate dreams')
    return supabaseDreams(owner())
  })
})

const said = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing',
    (error) => `${error.name}: ${error.message}`,
  )

describe('what can be wrong with a Supabase', () => {
  test('the key is refused', async () => {
    const stranger = supabaseDreams(supabase(server.url, 'not-a-key'))
    expect(await said(stranger.find(dreamQuery()))).toMatch(/^UserError: Supabase refuses the key .*SUPABASE_KEY/)
    expect(await said(stranger.find(dreamQuery()))).not.toContain('not-a-key')
  })

  test('it cannot be reached', async () => {
    const nowhere = supabaseDreams(supabase('http://127.0.0.1:1', 'key'))
    expect(await said(nowhere.find(dreamQuery({ query: 'x' })))).toMatch(
      /^UserError: Supabase cannot be reached.*SUPABASE_URL/,
    )
  })

  test('a table or a column is missing', async () => {
    const source = supabaseDreams(owner())
    expect(await said(source.find(dreamQuery({ table: 'visions' })))).toMatch(/no table `visions`.*schema\.sql/)
    expect(await said(source.find(dreamQuery({ order_column: 'mood' })))).toMatch(/column.*missing.*mood.*order_column/)
  })

  test('row-level security lets the anon key read dreams, and write nothing', async () => {
    const anon = supabase(server.url, server.anonKey)
    const source = supabaseDreams(anon)
    await supabaseDreams(owner()).put([{ id: 'seen', content: 'seen by all', date: null, source: 'mine', more: {} }])
    expect(await source.find(dreamQuery({ ids: ['seen'] }))).toHaveLength(1)
    const more = [{ id: 'new', content: 'x', date: null, source: 'mine', more: {} }]
    expect(await said(source.put(more))).toMatch(
      /does not let this key write `dreams` \(permission denied.*no right to it\. Use the service role key.*grant select, insert/,
    )
    await server.sql('create table secret (like dreams including all); create table bare (like dreams including all)')
    await server.sql("grant select on bare to service_role; notify pgrst, 'reload schema'")
    await vi.waitFor(async () =>
      expect(await said(source.find(dreamQuery({ table: 'secret' })))).toMatch(
        /read `secret` \(permission denied for table secret\): its role has no right to it.*grant select on public\."secret"/,
      ),
    )
    const none = await said(findSome(supabaseDreams(owner()), dreamQuery({ table: 'bare' })))
    expect(none).toMatch(/`bare` in Supabase is empty.*: put rows into it, or name another with `table`\.$/)
    await server.sql('grant insert, select, update on dreams, backrooms to anon')
    expect(await said(source.put(more))).toMatch(
      /does not let this key write `dreams`.*row-level security.*service role/,
    )
    expect(await said(supabaseArchive(anon).send([run('a')]))).toMatch(/write `backrooms`.*row-level security/)
  })

  test('rows that row-level security hides are not called missing', async () => {
    await server.sql(`drop policy "anyone may read dreams" on dreams`)
    const hidden = findSome(supabaseDreams(supabase(server.url, server.anonKey)), dreamQuery())
    expect(await said(hidden)).toMatch(/empty, or row-level security hides its rows from this key/)
  })

  test('it asks for fewer requests: waits as long as it says, then goes on; gives up after several', async () => {
    const source = supabaseDreams(owner())
    server.fail(1, 429, { 'retry-after': '1' })
    const began = Date.now()
    expect(await source.find(dreamQuery({ limit: 1 }))).toHaveLength(1)
    expect(Date.now() - began).toBeGreaterThanOrEqual(990)
    server.fail(3, 429)
    expect(await said(source.find(dreamQuery()))).toMatch(/^UserError: Supabase asks for fewer requests/)
    server.fail(3, 503)
    expect(await said(source.find(dreamQuery()))).toMatch(/^UserError: Supabase has trouble of its own \(status 503/)
    server.fail(0, 200)
  }, 20_000)

  test('more dreams than it gives at once', async () => {
    await server.sql(
      `truncate dreams; insert into dreams (id, content, date) select 'n' || n, 'number ' || n, timestamptz '2020-01-01' + n * interval '1 minute' from generate_series(1, 2500) n`,
    )
    const found = await supabaseDreams(owner()).find(dreamQuery({ limit: 5000 }))
    expect(found).toHaveLength(2500)
    expect(new Set(found.map(({ id }) => id)).size).toBe(2500)
    expect(found[0]?.id).toBe('n2500')
  })

  test('a table of another shape', async () => {
    await server.sql(`
      create table visions (vision_id integer primary key, body text, summary text, seen_at date, who text);
      insert into visions values (1, '', 'in short', '2024-01-01', 'rsos'), (2, 'a long vision', null, '2024-02-01', 'mine'), (3, null, null, null, null);
      grant select on visions to service_role`)
    await server.reload()
    const found = await supabaseDreams(owner()).find(
      dreamQuery({
        ...{ table: 'visions', id_column: 'vision_id', content_field: 'body', content_fallback_fields: ['summary'] },
        ...{ search_column: 'body', order_column: 'seen_at', date_fields: ['seen_at'], source_column: null },
        select: ['summary', 'seen_at'],
      }),
    )
    expect(found.map(({ id, content, date }) => [id, content, date])).toEqual([
      ['2', 'a long vision', '2024-02-01'],
      ['1', 'in short', '2024-01-01'],
    ])
  })
})

describe('the archive in Supabase', () => {
  const rows = async () => {
    const { data } = await owner().from('backrooms').select('*').order('log_file')
    return data as Record<string, unknown>[]
  }

  test('sends what is wanted once, again when it changed, and removes what was removed', async () => {
    const store = await openStore(':memory:')
    await store.archive([run('a'), run('b')], true)
    await store.archive([run('c')], false)
    const remote = supabaseArchive(owner())
    expect(await syncArchive(store, remote)).toBe(2)
    expect(await syncArchive(store, remote)).toBe(0)
    expect(await rows()).toMatchObject([
      {
        log_file: 'backrooms_logs/a.txt',
        models: ['opus', 'k2'],
        exit_reason: 'max_turns',
        transcript: 'said a',
        prompt: 'p',
      },
      { log_file: 'backrooms_logs/b.txt' },
    ])
    await store.archive([{ ...run('a'), exit_reason: 'stopped' }], true)
    expect(await syncArchive(store, remote)).toBe(1)
    expect((await rows()).map(({ exit_reason }) => exit_reason)).toEqual(['stopped', 'max_turns'])
    await store.removeArchived('run-a')
    await syncArchive(store, remote)
    expect((await rows()).map(({ log_file }) => log_file)).toEqual(['backrooms_logs/b.txt'])
    expect(await store.wantAll()).toBe(1)
    expect(await syncArchive(store, remote)).toBe(1)
    expect(await rows()).toHaveLength(2)
  })

  test('its table is missing: says which, and what makes it', async () => {
    await server.sql('alter table backrooms rename to elsewhere')
    await server.reload()
    const store = await openStore(':memory:')
    const remote = supabaseArchive(owner())
    const missing = /^UserError: Supabase has no table `backrooms`.*supabase\/schema\.sql/
    await expect.poll(() => said(remote.send([])), { timeout: 10_000 }).toMatch(missing)
    await store.archive([run('a')], true)
    expect(await said(syncArchive(store, remote))).toMatch(missing)
    expect(await said(remote.remove('backrooms_logs/a.txt'))).toMatch(missing)
    const warnings: unknown[] = []
    const log = { debug() {}, info() {}, warn: (data: unknown) => warnings.push(data), error() {} }
    const sync = new ArchiveSync({ store, remote, log, firstWait: 20 })
    sync.wake()
    await expect.poll(() => warnings[0]).toEqual({ reason: expect.stringMatching(/no table `backrooms`/) })
    await server.sql('alter table elsewhere rename to backrooms')
    await server.reload()
    await expect.poll(async () => (await store.unsynced(9)).length, { timeout: 15_000 }).toBe(0)
    await sync.close()
  }, 30_000)

  test('asking it with nothing to send tells a refused key and a missing right', async () => {
    expect(await said(supabaseArchive(supabase(server.url, 'not-a-key')).send([]))).toMatch(/refuses the key/)
    expect(await said(supabaseArchive(supabase('http://127.0.0.1:1', 'key')).send([]))).toMatch(/cannot be reached/)
    expect(await said(supabaseArchive(owner()).send([]))).toBe('nothing')
  })

  test('keeps trying in the background until it is there', async () => {
    const store = await openStore(':memory:')
    await store.archive([{ ...run('d'), transcript: 'with a NUL \0 that Postgres cannot hold' }], true)
    const warnings: unknown[] = []
    const log = { debug() {}, info() {}, warn: (data: unknown) => warnings.push(data), error() {} }
    server.fail(3, 503)
    const sync = new ArchiveSync({ store, remote: supabaseArchive(owner()), log, firstWait: 20 })
    sync.wake()
    await expect.poll(async () => (await store.unsynced(9)).length, { timeout: 15_000 }).toBe(0)
    await sync.close()
    expect(warnings).toEqual([{ reason: expect.stringMatching(/trouble of its own/) }])
    expect((await rows()).find(({ log_file }) => log_file === 'backrooms_logs/d.txt')).toBeDefined()
  }, 20_000)
})

function run(name: string): ArchivedRun {
  return {
    ...{
      log_file: `backrooms_logs/${name}.txt`,
      run_id: `run-${name}`,
      title: name,
      prompt: 'p',
      transcript: `said ${name}`,
    },
    ...{ models: ['opus', 'k2'], template: 'dreamsim3', max_turns: 3, created_at: 1_700_000_000_000, duration_sec: 5 },
    ...{ exit_reason: 'max_turns', dream_id: 'd01', source: 'mine', guild_id: '1', thread_id: null },
  }
}
