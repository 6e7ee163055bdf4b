import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { exportArchive } from '../../src/archive/export.ts'
import { importLogs } from '../../src/archive/import-logs.ts'
import { keepAs, keepingOf } from '../../src/archive/keeping.ts'
import { Reindexing } from '../../src/archive/reindexing.ts'
import { type ArchivedRun, snippetOf } from '../../src/core/archive.ts'
import { talkOf } from '../../src/core/log-talk.ts'
import { Archiver, type Keeping } from '../../src/observers/archive.ts'
import { migrations } from '../../src/store/migrations.ts'
import { openStore } from '../../src/store/open.ts'
import { sqliteDialect } from '../../src/store/sqlite.ts'
import { answer, engineWith, nowhere, ScriptedModels, spec } from '../engine/kit.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backrooms-archive-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function archived(name: string, more: Partial<ArchivedRun> = {}): ArchivedRun {
  return {
    ...{
      log_file: `backrooms_logs/t/${name}.txt`,
      run_id: name,
      title: name,
      prompt: '',
      transcript: '',
      models: ['opus', 'k2'],
    },
    ...{ template: 't', max_turns: 3, created_at: Date.UTC(2026, 0, 1), duration_sec: 5, exit_reason: 'max_turns' },
    ...{ dream_id: null, source: null, guild_id: '1', thread_id: null },
    ...more,
  }
}

describe('searching', () => {
  const store = openStore(':memory:')
  const names = async (filter: Omit<Parameters<Awaited<typeof store>['searchArchive']>[0], 'limit'>) =>
    (await (await store).searchArchive({ ...filter, limit: 50 })).rows.map(({ title }) => title)

  test('finds words in titles, prompts and transcripts, whatever their case and accents, by parts of them', async () => {
    await (await store).archive(
      [
        archived('lift', { transcript: 'The LIFT hummed, électrique.', created_at: Date.UTC(2026, 1, 1) }),
        archived('wool', { prompt: 'A radio of wool', models: ['haiku'], exit_reason: 'stopped', template: 'u' }),
        archived('夢の駅', { transcript: '駅で待つ。', guild_id: '2', created_at: Date.UTC(2025, 5, 1) }),
        archived('imported', {
          guild_id: null,
          run_id: null,
          transcript: "it's 50% static",
          created_at: Date.UTC(2024, 5, 1),
        }),
      ],
      false,
    )
    expect(await names({ query: 'lift' })).toEqual(['lift'])
    expect(await names({ query: 'ELECT humm' })).toEqual(['lift'])
    expect(await names({ query: 'radio WOOL' })).toEqual(['wool'])
    expect(await names({ query: 'wool lift' })).toEqual([])
    expect(await names({ query: '駅' })).toEqual(['夢の駅'])
    expect(await names({ query: '待つ' })).toEqual(['夢の駅'])
    expect(await names({ query: '50% "static"' })).toEqual(['imported'])
    expect(await names({ query: 'NOT OR lift*' })).toEqual([])
    // Parts of words.
    expect(await names({ query: 'ctriq' })).toEqual(['lift'])
    expect(await names({ query: 'tati MPORTE' })).toEqual(['imported'])
    expect(await names({ query: 'ool adio' })).toEqual(['wool'])
    expect(await names({ query: 'if' })).toEqual([])
  })

  test('filters by model, template, date, end and server', async () => {
    expect(await names({ model: 'haiku' })).toEqual(['wool'])
    expect(await names({ model: 'hai' })).toEqual([])
    expect(await names({ template: 'u' })).toEqual(['wool'])
    expect(await names({ exit_reason: 'stopped' })).toEqual(['wool'])
    expect(await names({ since: Date.UTC(2026, 0, 1) })).toEqual(['lift', 'wool'])
    expect(await names({ until: Date.UTC(2026, 0, 1) })).toEqual(['夢の駅', 'imported'])
    expect(await names({ guild_id: '1' })).toEqual(['lift', 'wool', 'imported'])
    expect((await (await store).randomArchived({ query: 'wool' }))?.title).toBe('wool')
    expect(await (await store).randomArchived({ query: 'zebra' })).toBeNull()
  })

  test('what was removed is found no more, what was changed is found as it is now', async () => {
    const own = await openStore(':memory:')
    await own.archive([archived('a', { transcript: 'before' }), archived('b', { transcript: 'before' })], false)
    await own.removeArchived('a')
    await own.archive([archived('b', { transcript: 'after' })], false)
    expect((await own.searchArchive({ query: 'before', limit: 9 })).total).toBe(0)
    expect((await own.searchArchive({ query: 'after', limit: 9 })).total).toBe(1)
    expect(await own.archived('backrooms_logs/t/a.txt')).toBeNull()
  })
})

/** Does to a store what these migrations did to one from before them. */
async function migratedAgain(file: string, names: string[]): Promise<void> {
  const db = new Kysely<unknown>({ dialect: sqliteDialect(file) })
  for (const name of names) await migrations[name]?.up(db)
  await db.destroy()
}

test('what was archived before parts of words were found is found by them too', async () => {
  const file = join(folder, 'old.db')
  const before = await openStore(file)
  await before.archive([archived('a', { transcript: 'An uplifting Überraschung' })], false)
  await before.close()
  const db = new DatabaseSync(file)
  db.exec('drop table archive_words')
  db.close()
  await migratedAgain(file, ['006_archive_words', '007_archive_talk'])
  const store = await openStore(file)
  for (const query of ['lifti', 'rrasch']) expect((await store.searchArchive({ query, limit: 9 })).total).toBe(1)
  await store.close()
})

const LOG = `### Backrooms Run ###
Template: roleplay
Models: opus, sonnet
Started: 2026-01-01T00:00:00.000Z
TOPIC: a staircase
of static

### Round 1/2

### Claude Opus 1 ###
The lift hums. Started: nothing.

### ada ###
A word of mine.

### The Old Hotel ###
Its doors.

### Media Agent ###
Preset: demo
Mode: t2i
Prompt: a corridor
in green
Result: {"task_id": "qwertz"}
more of it

### Round 2/2

### Claude Sonnet 2 ###
And again.

Stopped by ada after a while.
`

describe('of a log, what was said is searched, and not its frame', () => {
  const FRAME = ['backrooms', 'roleplay', 'round', 'claude', 'media', 'agent', 'preset', 't2i', 'qwertz', 'stopped']
  const SAID = ['lift', 'started', 'staircase static', 'ada', 'hotel', 'corridor green', 'mine', 'again']
  const matches = async (store: Awaited<ReturnType<typeof openStore>>, queries: string[]) => {
    const found: string[] = []
    for (const query of queries) if ((await store.searchArchive({ query, limit: 9 })).total > 0) found.push(query)
    return found
  }

  test('when it is archived', async () => {
    const store = await openStore(':memory:')
    await store.archive([archived('a', { transcript: LOG })], false)
    expect(await matches(store, [...FRAME, ...SAID])).toEqual(SAID)
    expect((await store.archived('backrooms_logs/t/a.txt'))?.transcript).toBe(LOG)
  })

  test('an imported log of the predecessor likewise', () => {
    const log = '### Claude 1 ###\nHello.\n\n### GPT 2 ###\n^C^C\n\nGPT 2 has ended the conversation with ^C^C.\n'
    expect(talkOf({ transcript: log, run_id: null })).toBe('Hello.\n\n^C^C')
    expect(talkOf({ transcript: 'A log without any frame.', run_id: 'a' })).toBe('A log without any frame.')
  })

  test('what was archived before is indexed anew in the background, the newest first, and goes on after an interruption', async () => {
    const file = join(folder, 'old.db')
    const before = await openStore(file)
    const names = Array.from({ length: 12 }, (_, nth) => `n${nth}`)
    await before.archive(
      names.map((name) => archived(name, { transcript: LOG })),
      false,
    )
    await before.close()
    const db = new DatabaseSync(file)
    db.exec(`delete from archive_index;
      insert into archive_index(rowid, title, prompt, transcript) select seq, '', '', 'started qwertz' from archive`)
    db.close()
    await migratedAgain(file, ['007_archive_talk'])

    const store = await openStore(file)
    const left = async () => (await store.searchArchive({ query: 'qwertz', limit: 99 })).rows.map(({ title }) => title)
    expect(await left()).toHaveLength(12)
    expect(await store.reindexArchive(2)).toBe(10)
    expect(await left()).toEqual(names.slice(0, 10).reverse())
    await store.archive([archived('new', { transcript: LOG })], false)
    const first = new Reindexing(store, quiet)
    first.start()
    await first.close()
    expect((await left()).length).toBeLessThan(10)
    const second = new Reindexing(store, quiet)
    second.start()
    await vi.waitFor(async () => expect(await left()).toEqual([]))
    await second.close()
    expect(await matches(store, [...FRAME, ...SAID])).toEqual(SAID)
    expect((await store.searchArchive({ query: 'lift', limit: 99 })).total).toBe(13)
    await store.close()
  })
})

test('a snippet shows the match on one line, in bold, with nothing else marked up', () => {
  expect(snippetOf('Die Straße war\n*électrique* und leer', 'ELECT')).toBe(
    'Die Straße war \\***élect**rique\\* und leer',
  )
  expect(snippetOf('ein Café', 'cafe')).toBe('ein **Café**')
  expect(snippetOf(`${'x '.repeat(300)}static${' y'.repeat(300)}`, 'static')).toMatch(/^….*\*\*static\*\*.*…$/)
  expect(snippetOf('television', 'elev')).toBe('t**elev**ision')
  expect(snippetOf('nothing of it', 'zebra')).toBe('nothing of it')
})

describe('keeping', () => {
  async function rig(keeping: Keeping, autoSync: boolean) {
    const models = new ScriptedModels(() => answer('So it goes.'))
    const kit = await engineWith(models)
    let wanted = 0
    const parts = { store: kit.store, bus: kit.bus, log: quiet, autoSync, keepingOf: async () => keeping }
    const make = () => new Archiver({ ...parts, onWanted: () => wanted++ })
    return { ...kit, make, wanted: () => wanted }
  }
  const soon = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 })

  test('every run that has ended is in the archive, also after a crash; once', async () => {
    const { engine, store, make } = await rig({ auto_sync: null, meta_jsonl: null }, false)
    const archiver = make()
    const run = await engine.start(spec({ max_turns: 1, query: 'why' }), nowhere)
    await soon(async () => (await store.archivedRun(run.id))?.exit_reason).toBe('max_turns')
    await archiver.close()
    expect(await store.archivedRun(run.id)).toMatchObject({
      title: 'A talk',
      prompt: 'why',
      models: ['opus', 'sonnet'],
    })
    expect((await store.archivedRun(run.id))?.transcript).toContain('So it goes.')

    const missed = await engine.start(spec({ max_turns: 1 }), nowhere)
    await soon(async () => (await store.run(missed.id))?.status).toBe('ended')
    expect(await store.archivedRun(missed.id)).toBeNull()
    const again = make()
    await again.catchUp()
    await again.close()
    expect(await store.archivedRun(missed.id)).not.toBeNull()
    expect((await store.searchArchive({ limit: 9 })).total).toBe(2)
  })

  test.each([
    [{ auto_sync: null, meta_jsonl: null }, false, 0],
    [{ auto_sync: null, meta_jsonl: null }, true, 1],
    [{ auto_sync: true, meta_jsonl: null }, false, 1],
    [{ auto_sync: false, meta_jsonl: null }, true, 0],
  ])('goes to Supabase as the config says, else the environment: %o %s', async (keeping, autoSync, expected) => {
    const { engine, store, make, wanted } = await rig(keeping, autoSync)
    const archiver = make()
    const run = await engine.start(spec({ max_turns: 1 }), nowhere)
    await soon(async () => store.archivedRun(run.id)).not.toBeNull()
    await archiver.close()
    expect(wanted()).toBe(expected)
    expect(await store.unsynced(9)).toHaveLength(expected)
  })

  test('writes its meta line where the config wants a copy', async () => {
    const file = join(folder, 'deep/mine_meta.jsonl')
    const { engine, store, make } = await rig({ auto_sync: null, meta_jsonl: file }, false)
    const archiver = make()
    const run = await engine.start(spec({ max_turns: 1 }), nowhere)
    await soon(async () => store.archivedRun(run.id)).not.toBeNull()
    await archiver.close()
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).log_file)).toEqual([`backrooms_logs/${run.log_file}`])
  })
})

test('a run of a single config is kept as that says, one of a batch as its batch does', async () => {
  const kit = await engineWith(new ScriptedModels(() => new Promise(() => {})))
  const run = await kit.engine.start(spec(), nowhere)
  expect(await keepingOf(run, kit.store, '/project')).toEqual({ auto_sync: null, meta_jsonl: null })
  await keepAs(run.id, { auto_sync: true, meta_jsonl: 'var/mine.jsonl' }, kit.store)
  expect(await keepingOf(run, kit.store, '/project')).toEqual({
    auto_sync: true,
    meta_jsonl: '/project/var/mine.jsonl',
  })
  await kit.engine.drain(0)
})

describe("the predecessor's logs", () => {
  const log = `### Backrooms Run ###\nTemplate: dreamsim3\nModels: opus, k2\nStarted: 2025-03-01 10:11:12\nDREAM_TEXT: a red lift\n\n### Round 1/2\n\n### Claude 1 ###\nhello\n\nClaude 1 has ended the conversation with ^C^C.\n`
  const meta = {
    ...{
      dream_id: 7,
      prompt: 'a red lift',
      models: ['opus', 'k2'],
      template: 'dreamsim3',
      max_turns: 2,
      source: 'mine',
    },
    ...{ start: '2025-03-01T10:11:12Z', duration_sec: 33.2, exit_reason: 'max_turns' },
    log_file: 'BackroomsLogs/dreamsim3/opus_k2_dreamsim3_20250301_101112.txt',
  }

  function write(): string {
    const root = join(folder, 'BackroomsLogs')
    mkdirSync(join(root, 'dreamsim3'), { recursive: true })
    mkdirSync(join(root, 'OpusExplorations'))
    writeFileSync(join(root, 'dreamsim3/opus_k2_dreamsim3_20250301_101112.txt'), log)
    writeFileSync(join(root, 'dreamsim3/opus_k2_dreamsim3_20250302_101112.txt'), log)
    writeFileSync(
      join(root, 'OpusExplorations/opus_sonnet_roleplay_20240301_101112.txt'),
      Buffer.from('### A ###\nCafé', 'latin1'),
    )
    writeFileSync(join(root, 'dreamsim3/dreamsim3_meta.jsonl'), `${JSON.stringify(meta)}\n{"broken\n`)
    return root
  }

  test('enter the archive with their meta lines, else with what log and name tell; twice changes nothing', async () => {
    const store = await openStore(':memory:')
    const root = write()
    const first = await importLogs(root, store)
    expect(first).toMatchObject({ added: 3, changed: 0, same: 0 })
    expect(first.problems).toEqual([expect.stringMatching(/dreamsim3_meta\.jsonl: line 2 is no meta line/)])
    expect(await importLogs(root, store)).toMatchObject({ added: 0, changed: 0, same: 3 })
    expect(await store.archived(meta.log_file)).toMatchObject({
      ...{ models: ['opus', 'k2'], dream_id: '7', source: 'mine', duration_sec: 33, exit_reason: 'max_turns' },
      created_at: Date.UTC(2025, 2, 1, 10, 11, 12),
    })
    expect(await store.archived('BackroomsLogs/dreamsim3/opus_k2_dreamsim3_20250302_101112.txt')).toMatchObject({
      ...{ models: ['opus', 'k2'], template: 'dreamsim3', prompt: 'a red lift', exit_reason: 'stop_sequence' },
    })
    expect(
      await store.archived('BackroomsLogs/OpusExplorations/opus_sonnet_roleplay_20240301_101112.txt'),
    ).toMatchObject({
      ...{ models: ['opus', 'sonnet'], template: 'roleplay', transcript: '### A ###\nCafé' },
      created_at: Date.UTC(2024, 2, 1, 10, 11, 12),
    })
  })

  test('are known again from another folder level, as copies, and when they went on', async () => {
    const store = await openStore(':memory:')
    const root = write()
    await importLogs(root, store)
    expect(await importLogs(join(root, 'dreamsim3'), store)).toMatchObject({ added: 0, changed: 0, same: 2 })
    expect(await importLogs(folder, store)).toMatchObject({ added: 0, changed: 0, same: 3 })
    const copy = join(folder, 'copies')
    mkdirSync(copy)
    const name = 'opus_k2_dreamsim3_20250302_101112.txt'
    cpSync(join(root, 'dreamsim3', name), join(copy, name))
    expect(await importLogs(join(copy, name), store)).toMatchObject({ added: 0, changed: 0, same: 1 })
    appendFileSync(join(copy, name), '### Claude 2 ###\nmore\n')
    expect(await importLogs(copy, store)).toMatchObject({ added: 0, changed: 1, same: 0 })
    expect((await store.archived(`BackroomsLogs/dreamsim3/${name}`))?.transcript).toMatch(/more\n$/)
    expect(await importLogs(root, store)).toMatchObject({ added: 0, changed: 0, same: 3 })
    // The same name with another text is another run.
    writeFileSync(join(copy, name), log.replace('hello', 'bye'))
    expect(await importLogs(copy, store)).toMatchObject({ added: 1 })
    expect((await store.searchArchive({ limit: 9 })).total).toBe(4)
  })

  test('other texts are skipped and named; a folder of those alone is refused', async () => {
    const store = await openStore(':memory:')
    const root = write()
    writeFileSync(join(root, 'notes.txt'), 'buy milk\n### not a heading\n')
    expect(await importLogs(root, store)).toMatchObject({
      added: 3,
      skipped: [expect.stringMatching(/^notes\.txt: no log, since no line like/)],
    })
    const alone = join(folder, 'alone')
    mkdirSync(alone)
    writeFileSync(join(alone, 'notes.txt'), 'buy milk')
    await expect(importLogs(alone, store)).rejects.toThrow(/alone holds no logs\. notes\.txt: no log/)
  })

  test('a date that is none is told, and the file’s own is taken; without a file it is sorted last', async () => {
    const store = await openStore(':memory:')
    const root = write()
    const talk = '### A ###\nhello\n'
    const mtime = new Date('2023-05-06T07:08:09Z')
    for (const [nth, stamp] of ['20991231_101112', '99999999_999999', '20250230_101112'].entries()) {
      const file = join(root, `opus_k2_odd${nth}_${stamp}.txt`)
      writeFileSync(file, talk)
      utimesSync(file, mtime, mtime)
    }
    writeFileSync(
      join(root, 'gone_meta.jsonl'),
      JSON.stringify({ ...meta, start: 'soon', log_file: 'BackroomsLogs/x/gone.txt' }),
    )
    const { problems } = await importLogs(root, store)
    const told = problems.filter((problem) => /its date/.test(problem))
    expect(told).toHaveLength(4)
    expect(told[0]).toMatch(/odd\d_.*its date "\d{4}-.*" cannot be: that of the file is taken: 2023-05-06\./)
    expect(told.at(-1)).toMatch(/gone\.txt: its date "soon" cannot be: it has none now, and is sorted last\./)
    const { rows } = await store.searchArchive({ limit: 9 })
    expect(rows.filter(({ created_at }) => created_at === mtime.getTime())).toHaveLength(3)
    expect(rows.at(-1)).toMatchObject({ log_file: 'BackroomsLogs/x/gone.txt', created_at: 0 })
  })

  test('one meta file alone brings its runs; a dry run brings none', async () => {
    const store = await openStore(':memory:')
    const file = join(write(), 'dreamsim3/dreamsim3_meta.jsonl')
    expect(await importLogs(file, store, { dryRun: true })).toMatchObject({ added: 1 })
    expect((await store.searchArchive({ limit: 9 })).total).toBe(0)
    expect(await importLogs(file, store, { wanted: true })).toMatchObject({ added: 1 })
    expect((await store.unsynced(9)).map(({ transcript }) => transcript)).toEqual([log])
  })

  test("this project's own runs are not overwritten", async () => {
    const store = await openStore(':memory:')
    const root = write()
    await store.archive([archived('own', { log_file: meta.log_file })], false)
    expect(await importLogs(root, store)).toMatchObject({ added: 2, same: 1 })
    expect((await store.archived(meta.log_file))?.run_id).toBe('own')
  })

  test('a folder that is not there, or has no logs, is named', async () => {
    const store = await openStore(':memory:')
    await expect(importLogs(join(folder, 'nix'), store)).rejects.toThrow(/nix cannot be read \(ENOENT\)/)
    await expect(importLogs(folder, store)).rejects.toThrow(/holds no logs/)
  })
})

test('exports what matches: Markdown, HTML, JSONL, and a folder for Obsidian with front matter and an index', async () => {
  const store = await openStore(':memory:')
  const transcript = '### Backrooms Run ###\nTemplate: t\n\n### Round 1/3\n\n### Claude 1 ###\n<b>hello</b>\n'
  await store.archive([archived('a', { title: 'One: "two"', transcript }), archived('b', { template: 'u' })], false)
  const write = (format: 'markdown' | 'html' | 'jsonl' | 'obsidian', filter = {}) =>
    exportArchive(store, { format, filter, target: join(folder, format === 'jsonl' ? 'all.jsonl' : format) })
  expect(await write('markdown', { template: 't' })).toBe(1)
  expect(readdirSync(join(folder, 'markdown'))).toEqual(['a.md'])
  expect(readFileSync(join(folder, 'markdown/a.md'), 'utf8')).toContain('## Claude 1\n\n<b>hello</b>')
  await write('html')
  expect(readFileSync(join(folder, 'html/a.html'), 'utf8')).toContain('&lt;b&gt;hello&lt;/b&gt;')
  await write('jsonl')
  const lines = readFileSync(join(folder, 'all.jsonl'), 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).template).sort()).toEqual(['t', 'u'])
  await write('obsidian')
  expect(readFileSync(join(folder, 'obsidian/a.md'), 'utf8')).toMatch(/^---\ntemplate: "t"\nmodels: \["opus","k2"\]\n/)
  expect(readFileSync(join(folder, 'obsidian/Backrooms.md'), 'utf8')).toContain('- [[a|One: "two"]]')
  await expect(write('html', { query: 'zebra' })).rejects.toThrow(/nothing matches `zebra`/)
})
