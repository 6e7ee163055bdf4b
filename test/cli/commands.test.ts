import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { messageEvents, ProviderServer, sse } from '../models/provider-server.ts'
import { fresh, ROOT, typed } from './program.ts'

const SHORT = 'run --lm opus sonnet --template roleplay --max-turns 2 --seed 7'
const ids = (json: string): string[] => JSON.parse(json).map(({ id }: { id: string }) => id)

describe('a run', () => {
  test('with --json is nothing but the run, which loads again elsewhere, the same', async () => {
    const [here, there] = [fresh(), fresh()]
    const { code, out } = await typed(here, `${SHORT} --json`)
    expect(code).toBe(0)
    const run = JSON.parse(out)
    expect(run).toMatchObject({ format: 'backrooms-run-1', status: 'ended', end_reason: 'max_turns' })
    expect(run.turns).toHaveLength(4)
    writeFileSync(join(there, 'run.json'), out)
    expect((await typed(there, 'import run.json')).out).toMatch(/is loaded from run\.json/)
    expect((await typed(there, 'import run.json')).out).toMatch(/is here already/)
    expect(JSON.parse((await typed(there, `export ${run.id} --format json`)).out)).toEqual(run)
    expect((await typed(there, `archive show ${run.id}`)).out).toContain(run.turns[3].text)
    await typed(there, 'export last --out talk.html')
    expect(readFileSync(join(there, 'talk.html'), 'utf8')).toMatch(/^<!doctype html>/)
  })

  test('that has ended goes on in a fork, from any turn, also where it was imported', async () => {
    const [here, there] = [fresh(), fresh()]
    const run = JSON.parse((await typed(here, `${SHORT} --json`)).out)
    writeFileSync(join(there, 'run.json'), JSON.stringify(run))
    await typed(there, 'import run.json --server 81384788765712384')
    expect((await typed(there, `resume ${run.id}`)).err).toContain(`npm run backrooms -- fork ${run.id}`)
    const forked = JSON.parse((await typed(there, `fork ${run.id} --from 3 --lm haiku --json`)).out)
    expect(forked).toMatchObject({ end_reason: 'max_turns', lineage: { run_id: run.id, turn_index: 2 } })
    expect(forked.turns).toHaveLength(4)
    const texts = (of: { turns: { text: string }[] }) => of.turns.map(({ text }) => text)
    expect(texts(forked).slice(0, 3)).toEqual(texts(run).slice(0, 3))
    expect(forked.turns.map(({ model }: { model: string }) => model)).toEqual(['opus', 'sonnet', 'opus', 'sonnet'])
    // It had all its rounds: it gets as many again.
    const second = JSON.parse((await typed(there, `fork ${run.id} --json`)).out)
    expect(second.turns).toHaveLength(8)
    await typed(there, `fork ${second.id} --json`)
    const origin = JSON.parse((await typed(there, `export ${run.id} --format json`)).out)
    expect(origin.forks).toEqual([
      { run_id: forked.id, turn_index: 2, thread_id: null },
      { run_id: second.id, turn_index: 3, thread_id: null },
    ])
    expect((await typed(there, `export ${run.id}`)).out).toContain(
      `- **Forked:** after turn 3 into run ${forked.id}; after turn 4 into run ${second.id}`,
    )
    // What names its forks loads again, and so does what was exported before exports named them.
    const elsewhere = fresh()
    writeFileSync(join(elsewhere, 'origin.json'), JSON.stringify(origin))
    writeFileSync(join(elsewhere, 'older.json'), JSON.stringify({ ...run, id: 'older222', forks: undefined }))
    writeFileSync(join(elsewhere, 'fork.json'), JSON.stringify(forked))
    expect((await typed(elsewhere, 'import origin.json older.json')).code).toBe(0)
    const exported = async () => JSON.parse((await typed(elsewhere, `export ${run.id} --format json`)).out).forks
    expect(await exported()).toEqual([])
    await typed(elsewhere, 'import fork.json')
    expect(await exported()).toEqual([{ run_id: forked.id, turn_index: 2, thread_id: null }])
    expect((await typed(there, `fork ${run.id} --from 9`)).err).toMatch(/has no turn 9 to fork from/)
    expect((await typed(there, 'import run.json --server home')).err).toMatch(/--server must be the id/)
  })

  test('whose turns were rewound knows, when it is imported, how many turns have no known price', async () => {
    const dir = fresh()
    const run = JSON.parse((await typed(dir, `${SHORT} --json`)).out)
    const turns = run.turns.map((turn: { usage: object }, at: number) => ({
      ...turn,
      usage: { ...turn.usage, cost: null },
      dropped_at: at > 0 ? 1_750_000_000_000 : null,
    }))
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...run, id: 'rewound2', turns }))
    await typed(dir, 'import run.json')
    expect((await typed(dir, 'export rewound2')).out).toContain('4 turns of unknown price')
  })

  test('that had not ended is paused when it is imported, and goes on', async () => {
    const dir = fresh()
    const run = JSON.parse((await typed(dir, `${SHORT} --json`)).out)
    const half = {
      ...run,
      id: 'half2345',
      status: 'going',
      end_reason: null,
      ended_at: null,
      turns: run.turns.slice(0, 2),
    }
    writeFileSync(join(dir, 'half.json'), JSON.stringify(half))
    await typed(dir, 'import half.json')
    const { code, out } = await typed(dir, 'resume half2345 --json')
    expect(code).toBe(0)
    const ended = JSON.parse(out)
    expect(ended.turns).toHaveLength(4)
    expect(ended.turns.slice(0, 2)).toEqual(half.turns)
  })

  test('that had not ended goes on with the actor who was chosen, and names those who replaced others', async () => {
    const dir = fresh()
    const run = JSON.parse((await typed(dir, `${SHORT} --json`)).out)
    const [first, second] = run.spec.actors
    // The model that was replaced needs a key, which is not asked for.
    const keyed = { ...second, model: { ...second.model, provider: 'anthropic' } }
    const half = {
      ...run,
      spec: { ...run.spec, actors: [first, keyed] },
      ...{ id: 'chosen23', status: 'paused', end_reason: null, ended_at: null, turns: run.turns.slice(0, 2) },
      swaps: { 1: { ...second.model, alias: 'haiku', display_name: 'Claude Haiku' } },
      next_actor: 1,
    }
    writeFileSync(join(dir, 'half.json'), JSON.stringify(half))
    writeFileSync(join(dir, 'nobody.json'), JSON.stringify({ ...half, id: 'chosen24', next_actor: 2 }))
    const { next_actor, ...older } = { ...half, spec: run.spec, id: 'older234' }
    writeFileSync(join(dir, 'older.json'), JSON.stringify(older))
    expect((await typed(dir, 'import nobody.json')).err).toMatch(/next_actor: there is no actor 2; spec\.actors has 2/)
    await typed(dir, 'import half.json older.json')
    expect(JSON.parse((await typed(dir, 'export chosen23 --format json')).out).next_actor).toBe(next_actor)
    expect((await typed(dir, 'resume chosen23')).err).toMatch(
      /^Run chosen23: Claude Opus 1 and Claude Haiku 2 in roleplay/m,
    )
    const speakers = async (id: string) =>
      JSON.parse((await typed(dir, `export ${id} --format json`)).out).turns.map(
        ({ actor_index }: { actor_index: number }) => actor_index,
      )
    expect((await speakers('chosen23'))[2]).toBe(1)
    await typed(dir, 'resume older234')
    expect(await speakers('older234')).toEqual([0, 1, 0, 1])
  })

  test('loads again with its exchanged models, what was painted, and what narrators and media agents know', async () => {
    const [here, there] = [fresh(), fresh()]
    const run = JSON.parse((await typed(here, `${SHORT} --json`)).out)
    const file = {
      path: 'media/whole234/002-abc.png',
      name: '002-abc.png',
      content_type: 'image/png',
      description: 'a',
    }
    const entry = { mode: 't2i', prompt: 'a red house', result: '[image/png]' }
    const picture = { url: null, file }
    const whole = {
      ...run,
      id: 'whole234',
      spec: { ...run.spec, asked_vars: [], lineage: { run_id: 'parent22', turn_index: 1, thread_id: '123' } },
      lineage: { run_id: 'parent22', turn_index: 1, thread_id: '123' },
      swaps: { 0: { ...run.spec.actors[1].model, alias: 'haiku' } },
      media: [0, 1].map((round) => ({ round, preset: 'demo', ...entry, picture })),
      observers: [
        { name: 'media:demo', round: 1, memory: { summary: 's', last: picture, posted: null, entry } },
        { name: 'profile:cctv', round: 1, memory: { posts: ['A lamp flickers.'] } },
      ],
    }
    writeFileSync(join(there, 'run.json'), JSON.stringify(whole))
    expect(await typed(there, 'import run.json')).toMatchObject({ code: 0 })
    expect(JSON.parse((await typed(there, 'export whole234 --format json')).out)).toEqual(whole)
    // A picture's file may not lead out of the folder of pictures.
    const outside = { ...picture, file: { ...file, path: 'media/../backrooms.db' } }
    const bad = { ...whole, id: 'bad23456', media: [{ ...whole.media[0], picture: outside }] }
    writeFileSync(join(there, 'bad.json'), JSON.stringify(bad))
    const nobody = { ...whole, id: 'bad23457', swaps: { 5: whole.swaps[0] } }
    writeFileSync(join(there, 'nobody.json'), JSON.stringify(nobody))
    expect((await typed(there, 'import nobody.json')).err).toMatch(/swaps\.5: there is no such actor/)
    expect((await typed(there, 'import bad.json')).err).toMatch(/media 1: picture\.file\.path must be a path like/)
  })

  test.each([
    [{ format: 'other' }, /is no exported run/],
    [{ spec: 3 }, /run\.json: spec must be/],
    [{ turns: [{ turn_index: 'x' }] }, /run\.json: turn 1: turn_index must be a whole number/],
    [{ end_reason: null }, /run\.json: end_reason is missing/],
  ])('whose file was changed to %j is refused by field', async (change, message) => {
    const dir = fresh()
    const run = JSON.parse((await typed(dir, `${SHORT} --json`)).out)
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...run, id: 'other234', ...change }))
    expect(await typed(dir, 'import run.json')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(message) })
  })

  test('means opus, opus and cli when nothing is said, also without its name', async () => {
    const { err } = await typed(fresh(), '--max-turns 1')
    expect(err).toMatch(/^Run \w+: Claude Opus 1 and Claude Opus 2 in cli, 1 round\./m)
  })

  test('takes its template as a word, after --template, or at the end of --lm', async () => {
    for (const line of [
      'run roleplay --lm opus sonnet',
      'run --lm opus sonnet roleplay',
      'run --lm opus sonnet --template roleplay',
    ])
      expect((await typed(fresh(), `${line} --max-turns 1`)).err).toMatch(
        /Claude Opus 1 and Claude Sonnet 2 in roleplay/,
      )
  })

  test('takes variables and options', async () => {
    const line = `run --template roleplay --max-turns 1 --var 'TOPIC=a; b' --vars 'TONE=dry' --query 'why?' --temperature 0.5 --order random --json`
    const { spec } = JSON.parse((await typed(fresh(), line)).out)
    expect(spec).toMatchObject({ query: 'why?', temperature: 0.5, order: 'random' })
    expect(spec.vars).toMatchObject({ TOPIC: 'a; b', TONE: 'dry', QUERY: 'why?', DREAM_TEXT: 'why?' })
  })

  test('prints what narrators post, and where pictures are', async () => {
    const { code, out } = await typed(fresh(), 'run --template gallery --max-turns 1 --discord chronicle --media demo')
    expect(code).toBe(0)
    expect(out).toMatch(/^\[The Chronicle\] \S/m)
    const picture = /^\/.*\.png$/m.exec(out)?.[0] as string
    expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG')
  })
})

test.each([
  [2, 'config', /Name a config/],
  [2, 'config a b', /takes one file, not also "b"/],
  [2, 'dreamsim3 static', /A search is --query "static"/],
  [2, 'dreamsim4', /Name --models/],
  [2, 'dreamsim4 --pairs opus:sonnet --runs 3', /--runs goes with --models/],
  [2, 'mcp list-tool', /list-tools or call-tool, not "list-tool"/],
  [2, 'mcp call-tool paint --json {', /--json is broken at character 2/],
  [2, 'mcp list-tools --args x', /--cmd, which is missing/],
  [2, 'export last --format pdf', /no format "pdf"/],
  [2, 'resume', /Name a run/],
  [2, 'run --lm opsu', /There is no model "opsu"/],
  [2, 'run --temperature 3', /--temperature must be/],
  [2, 'run --media nobody', /no media preset "nobody"/],
  [2, 'render roleplay --lm opsu', /There is no model "opsu"/],
  [2, 'models all', /models takes no word, not "all"/],
  [2, 'list 5', /list takes no word/],
  [2, 'resume a b', /takes 1 word, not also "b"/],
  [2, 'dreams show d01 d02', /takes 1 word, not also "d02"/],
  [2, 'dreamsim3 --models opus --pairs opus:haiku', /leave out --models, or --pairs/],
  [2, 'dreamsim3 --pairs opus:haiku --mixed', /leave out --mixed, or --pairs/],
  [2, 'dreamsim3 --max-turns -3', /--max-turns must be a whole number/],
  [2, 'dreamsim3 --mixed-mode some --models opus,haiku', /^dreamsim3: --mixed-mode must be/],
  [2, 'archive search --limit x', /--limit must be a whole number/],
  [2, 'run --max-turns nine', /--max-turns must be a whole number/],
  [2, 'run --var x', /--var: "x" should be NAME=value/],
  [2, 'run --template rolplay', /rolplay.*roleplay/],
  [2, 'run --template roleplay --lm opus opus opus', /has 2 agents, but 3 models/],
  [2, 'run --discord nobody', /nobody/],
  [2, 'config nowhere', /no config "nowhere"/],
  [2, 'config ./nowhere.json', /no config "\.\/nowhere"/],
  [2, 'config models', /is the model registry, no config/],
  [2, 'config .', /\. is a folder: name a config in it/],
  [2, 'import .', /\. is a folder: name the JSON files in it/],
  [1, 'dreamsim3 --source mine --query zzz --ids d01', /Without it there is 1;/],
  [1, 'dreamsim3 --query xyzzy', /query: nothing matches `xyzzy`/],
  [2, 'dreamsim3 --pairs opus:sonnet,opus:sonet,opus:haiku', /dreamsim3: pair 2: .*sonet/],
  [2, 'dreamsim3 --query static --source all --template nowhere', /nowhere/],
  [2, 'dreamsim3 --models opus --mixed', /at least two/],
  [2, 'dreamsim3 --concurrency 1000', /^dreamsim3: --concurrency must be/],
  [1, 'export last', /no run yet/],
  [2, 'import nowhere.json', /no file nowhere\.json/],
  [2, 'mcp list-tools --config nowhere.json', /no file nowhere\.json/],
  [2, 'mcp list-tools --server nobody', /no MCP server "nobody"/],
  [2, 'archive search --since yesterday', /--since: "yesterday" should be a day/],
  [1, 'archive random', /archive is empty/],
  [2, 'dreams show d99', /ids: the local store has no item `d99`/],
  [2, 'dreams import nowhere.csv', /no file nowhere\.csv/],
  [2, 'dreams import .', /\. is a folder: name the CSV/],
  [1, 'dreams export --out /dev/null/x.csv', /cannot be written/],
  [2, 'archive show x', /archive has no run "x"/],
  [1, 'archive export', /archive is empty/],
  [2, 'import-logs nowhere', /no file or folder .*nowhere/],
  [2, 'sync --dry-run --meta nowhere.jsonl', /no file or folder .*nowhere\.jsonl/],
  [1, 'archive search zebra', /archive is empty/],
  [1, 'sync', /put SUPABASE_URL and SUPABASE_KEY/],
] as const)('%i: %s', async (code, line, message) => {
  const dir = fresh()
  expect(await typed(dir, line)).toMatchObject({ code, out: '', err: expect.stringMatching(message) })
  expect(existsSync(join(dir, 'backrooms_logs'))).toBe(false)
})

test('a missing key is told before anything is spent', async () => {
  const ended = await typed(fresh(), 'run --max-turns 1', { OPENAI_API_KEY: 'k' })
  expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^To use opus, set ANTHROPIC_API_KEY/) })
})

test('sync asks Supabase before it says that all is there', async () => {
  const nowhere = { SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_KEY: 'key' }
  const { code, out, err } = await typed(fresh(), 'sync', nowhere)
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/Supabase cannot be reached.*SUPABASE_URL/)
})

test('data that cannot be used is told in a sentence', async () => {
  const dir = fresh()
  writeFileSync(join(dir, 'backrooms.db'), 'no database '.repeat(1000))
  expect(await typed(dir, 'list')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^DATA_DIR cannot be used: .*not a database/),
  })
})

test('an answer that Ctrl-C breaks off is paid for, and the run says so', async () => {
  const provider = await new ProviderServer().start()
  onTestFinished(() => provider.stop())
  provider.respond = sse(messageEvents(['Half of a'], { input: { input_tokens: 100_000 } }).slice(0, 4), 'hang')
  const key = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: provider.url }
  const { code, err } = await typed(fresh(), 'run --lm opus --template roleplay', key, ({ bus, store }, press) => {
    const change = store.change.bind(store)
    let changes = 0
    bus.on('writing', () => {
      // The end is committed at once, the cost of what it breaks off a while later.
      store.change = async (...args) => {
        if (changes++ > 0) await sleep(300)
        return change(...args)
      }
      press()
    })
  })
  expect(code).toBe(130)
  expect(err).toMatch(/^Used: 1 turn, .*\$0\.40 \(\$0\.40 of it beside the turns\)\.$/m)
})

test('a dear run asks first, and in a pipe nobody is there to be asked', async () => {
  const dir = fresh()
  const line = 'run --max-turns 500 --max-cost 50'
  const ended = await typed(dir, line, { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' })
  expect(ended).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^This run may cost .* To begin it all the same, add --yes\.$/m),
  })
  expect((await typed(dir, 'list')).out).toMatch(/^No run yet/)
})

describe('a batch', () => {
  test('lists its exact runs on a dry run, and begins none', async () => {
    const dir = fresh()
    const line = 'dreamsim3 --query static --source all --models opus,sonnet --max-dreams 2 --seed 5 --dry-run'
    const { code, out } = await typed(dir, line)
    expect(code).toBe(0)
    expect(out).toMatch(/^4 runs, seed 5, .*items from the local store/)
    expect(out.match(/^ {3}(models|item|DREAM_TEXT): /gm)).toHaveLength(12)
    const plan = JSON.parse((await typed(dir, `${line} --json`)).out)
    expect(plan.runs.map(({ models }: { models: string[] }) => models[0])).toEqual(['opus', 'sonnet', 'opus', 'sonnet'])
    expect(out.match(/(?<=^ {3}seed: )\d+$/gm)?.map(Number)).toEqual(
      plan.runs.map(({ seed }: { seed: number }) => seed),
    )
    expect((await typed(dir, 'list')).out).toMatch(/^No run yet/)
  })

  test('takes the predecessor’s flags', async () => {
    const plan = async (line: string) => JSON.parse((await typed(fresh(), `${line} --dry-run --json`)).out)
    const all = await plan(
      'dreamsim3 --query static --source all --models opus,sonnet,hermes --mixed --mixed-mode=all --max-dreams 1',
    )
    expect(all.runs.map(({ models }: { models: string[] }) => models.join())).toEqual([
      'opus,sonnet',
      'opus,hermes',
      'sonnet,hermes',
    ])
    const drawn = await plan(
      'dreamsim3 --query static --source all --limit 1 --models opus sonnet --mixed --mixed-mode random --runs-per-dream 4',
    )
    expect(drawn.runs).toHaveLength(4)
    const often = await plan(
      'dreamsim3 --ids d05 --pairs opus:sonnet --runs-per-dream 2 --discord chronicle --max-context-frac 0.5 --context-window 9000',
    )
    expect(often.runs.map(({ dream_id }: { dream_id: string }) => dream_id)).toEqual(['d05', 'd05'])
    expect(often.manifest.config.options).toMatchObject({
      profiles: ['chronicle'],
      max_context_frac: 0.5,
      context_window: 9000,
    })
    const cycle = await plan('dreamsim4 --models opus,sonnet --runs 3 --max-turns 2')
    expect(cycle.runs.map(({ models }: { models: string[] }) => models[0])).toEqual(['opus', 'sonnet', 'opus'])
    const unshuffled = await plan('dreamsim3 --query static --source all --no-shuffle')
    const dates = unshuffled.items.map(({ date }: { date: string }) => date)
    expect(dates).toEqual([...dates].sort().reverse())
  })

  test('runs to its end, with a manifest, meta lines and an archive that is exported and imported', async () => {
    const dir = fresh()
    const line = 'dreamsim3 --query static --source all --max-dreams 3 --max-turns 1 --out copy.jsonl --json'
    const { code, out, err } = await typed(dir, line)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      status: 'ended',
      runs: [{ status: 'done' }, { status: 'done' }, { status: 'done' }],
    })
    expect(err).toMatch(/^3\/3/m)
    expect(err).toMatch(/^Batch (\w+) begins\. .* resume \1$[\s\S]*^Batch \1 has ended\.$/m)
    expect(err).toMatch(/^Runs: 3 max_turns\. Cost: \$0\.$/m)
    expect(err).toContain(`Meta lines: ${join(dir, 'copy.jsonl')}\nLogs: ${join(dir, 'backrooms_logs/dreamsim3')}\n`)
    const manifest = /^Manifest: (.*)$/m.exec(err)?.[1] as string
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toEqual(JSON.parse(out))
    expect(readFileSync(join(dir, 'copy.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3)
    expect(JSON.parse((await typed(dir, 'archive search static --json')).out).total).toBe(3)
    expect((await typed(dir, 'archive search static')).out.match(/ · dreamsim3 · sonnet × sonnet · /g)).toHaveLength(3)
    expect(await typed(dir, 'archive search zzzebra')).toMatchObject({ code: 1, out: '' })
    const none = await typed(dir, 'archive search zzzebra --json')
    expect([none.code, JSON.parse(none.out)]).toEqual([0, { total: 0, runs: [] }])
    await typed(dir, 'archive export --format obsidian --out notes')
    expect(readdirSync(join(dir, 'notes'))).toHaveLength(4)
    expect(existsSync(join(dir, 'notes/Backrooms.md'))).toBe(true)
    expect((await typed(dir, 'sync --dry-run')).out).toMatch(/^3 runs would be sent; nothing was/)
    expect(JSON.parse((await typed(dir, 'sync --dry-run --json')).out)).toEqual({
      ...{ dry_run: true, sent: 0, waiting: 3, taken_up: [] },
    })
    for (const wrong of ['export nowhere', 'resume nowhere', 'fork last --lm nobody'])
      expect((await typed(dir, wrong)).code).toBe(2)
    const jsonl = join(dir, 'archive.jsonl')
    expect(JSON.parse((await typed(dir, 'archive export --format jsonl --out archive.jsonl --json')).out)).toEqual({
      ...{ runs: 3, format: 'jsonl', path: jsonl },
    })
    const other = fresh()
    const logs = join(dir, 'backrooms_logs')
    expect((await typed(other, `import-logs ${logs} --dry-run`)).out).toMatch(/: 3 runs would be added\.$/m)
    expect((await typed(other, `import-logs ${logs}`)).out).toMatch(/: 3 runs added\.$/m)
    expect((await typed(other, `import-logs ${logs}`)).out).toMatch(/: 0 runs added, 3 there already\.$/m)
    const again = JSON.parse((await typed(other, `import-logs ${logs} --json`)).out)
    expect(again).toEqual([{ path: logs, added: 0, changed: 0, same: 3, problems: [], skipped: [] }])
  })

  test('that lacks what was asked for asks first, and --yes begins it', async () => {
    const dir = fresh()
    const line = 'dreamsim3 --ids d01 d99 --models opus --max-turns 1'
    const ended = await typed(dir, line)
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^Not found: d99\.\nNot all that was asked for was found\. .* add --yes\.$/m)
    expect((await typed(dir, 'list')).out).toMatch(/^No run yet/)
    expect((await typed(dir, `${line} --yes`)).code).toBe(0)
  })

  test('ends when its narrators and media agents have finished the last rounds, and prints what they post', async () => {
    const dir = fresh()
    const line = 'dreamsim4 --models opus --runs 2 --max-turns 1 --media demo --discord status_feed'
    const { code, out } = await typed(dir, line)
    expect(code).toBe(0)
    const media = join(dir, 'media')
    expect(readdirSync(media).flatMap((run) => readdirSync(join(media, run)))).toHaveLength(2)
    expect(out.match(/^\[Media · demo · \w+-[12]\]/gm)).toHaveLength(2)
    expect(out.match(/^\[Status[^\]]* · \w+-[12]\]/gm)).toHaveLength(2)
  })

  test('that is large asks first, and in a pipe nobody is there to be asked', async () => {
    const dir = fresh()
    const { code, err } = await typed(dir, 'dreamsim4 --models opus --runs 300 --max-turns 1')
    expect(code).toBe(1)
    expect(err).toMatch(/^300 runs of dreamsim4 .*\nThat is a large batch\. To begin it all the same, add --yes\.$/m)
    expect((await typed(dir, 'list')).out).toMatch(/^No run yet/)
  })
})

test('a manifest runs the same again, whatever has become of the dreams', async () => {
  const dir = fresh()
  const first = await typed(
    dir,
    'dreamsim3 --query static --source all --models opus,hermes --max-dreams 2 --max-turns 1 --json',
  )
  const before = JSON.parse(first.out)
  const file = /^Manifest: (.*)$/m.exec(first.err)?.[1] as string
  const other = fresh()
  await typed(other, 'dreams add static --id zz --source mine')
  const again = await typed(other, `config ${file} --json`)
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining(`The runs of batch ${before.batch} again.`) })
  const after = JSON.parse(again.out)
  const planned = ({ items, seed, runs }: typeof before) => ({
    ...{ items, seed },
    runs: runs.map(({ item, models, seed }: Record<string, unknown>) => ({ item, models, seed })),
  })
  expect(planned(after)).toEqual(planned(before))
  expect((await typed(other, `config ${file} --seed 4`)).code).toBe(2)
  writeFileSync(join(other, 'torn.json'), JSON.stringify({ ...before, items: [] }))
  expect(await typed(other, 'config torn.json')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^torn\.json: runs\.0: there is no such item/),
  })
  writeFileSync(join(other, 'odd.json'), JSON.stringify({ ...before, seed: 'x' }))
  expect((await typed(other, 'config odd.json')).err).toMatch(/^odd\.json is no whole manifest: seed/)
})

test('what may be meant otherwise in a config is said when it runs', async () => {
  const dir = fresh()
  const one = { template: 'roleplay', models: ['opus'], max_turns: 1, temprature: 1 }
  writeFileSync(join(dir, 'one.json'), JSON.stringify(one))
  expect((await typed(dir, 'config one.json')).err).toMatch(/one\.json: .*temprature.*temperature/)
  const many = { ...one, type: 'batch', data_source: { kind: 'none' }, sequence: { runs: 1 } }
  writeFileSync(join(dir, 'many.json'), JSON.stringify(many))
  expect((await typed(dir, 'config many.json')).err).toMatch(/many\.json: .*temprature.*temperature/)
})

test('a dry run shows the whole of a long variable, line by line', async () => {
  const dir = fresh()
  const long = `${'a long dream '.repeat(40)}\nand its end`
  const options = { type: 'batch', template: 'dreamsim3', models: ['opus'], vars: { DREAM_TEXT: long }, query: 'x' }
  const config = { ...options, data_source: { kind: 'none' }, sequence: { runs: 1 } }
  writeFileSync(join(dir, 'long.json'), JSON.stringify(config))
  expect((await typed(dir, 'config long.json --dry-run')).out).toContain(long.replace('\n', '\n      '))
})

test('the dry run of a single config tells what it will cost, and who watches it', async () => {
  const key = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }
  const dry = 'config single_roleplay --seed 5 --dry-run'
  expect((await typed(fresh(), dry, key)).out).toMatch(/^ {3}seed: 5\n {3}estimate: \$\d+\.\d+ to \$\d+\.\d+$/m)
  expect(JSON.parse((await typed(fresh(), `${dry} --json`, key)).out).estimate).toEqual({
    low: expect.any(Number),
    high: expect.any(Number),
  })
  const watched = (await typed(fresh(), 'config single_gallery_profiles_media --dry-run', key)).out
  expect(watched).toMatch(/^ {3}narrators: \w.*\n {3}media: \w/m)
  expect(watched).toMatch(/^ {3}estimate: .*, narrators and media agents not counted$/m)
})

test('a single config runs, from anywhere, and on a dry run tells what it would be', async () => {
  const dir = fresh()
  mkdirSync(join(dir, 'mine'))
  const one = { template: 'roleplay', models: ['opus', 'sonnet'], max_turns: 1 }
  writeFileSync(join(dir, 'mine/one.json'), JSON.stringify(one))
  expect(await typed(dir, 'config mine/one.json')).toMatchObject({
    code: 0,
    err: expect.stringContaining('Ended: max_turns.'),
  })
  const synced = join(dir, 'synced.json')
  writeFileSync(synced, JSON.stringify({ template: 'roleplay', models: ['opus'], auto_sync: true }))
  expect((await typed(dir, `config ${synced} --dry-run`)).err).toMatch(
    /auto_sync: SUPABASE_URL and SUPABASE_KEY are not/,
  )
  const set = { SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_KEY: 'key' }
  expect((await typed(dir, `config ${synced} --dry-run`, set)).err).not.toMatch(/auto_sync/)
  const dry = await typed(dir, 'config single_roleplay --dry-run --max-cost 1')
  expect(dry).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1\. .*\n {3}models: opus, sonnet\n {3}template: roleplay\n.*\$1\.00$/m),
  })
  writeFileSync(join(dir, 'bad.json'), JSON.stringify({ ...one, max_turns: 'two' }))
  expect(await typed(dir, 'config bad.json')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/bad\.json: max_turns must be a whole number/),
  })
})

describe('dreams', () => {
  test('are searched, kept, exported and imported', async () => {
    const [here, there] = [fresh(), fresh()]
    const dream = 'A lift, and\na "quoted" café'
    expect((await typed(here, `dreams add '${dream}' --id mine1`)).out).toMatch(/^Kept, as mine1 in the local store/)
    expect(JSON.parse((await typed(here, `dreams add '${dream}' --id mine1 --json`)).out)).toEqual({
      ...{ id: 'mine1', into: 'the local store', added: 0, changed: 0, same: 1 },
    })
    expect(ids((await typed(here, 'dreams search CAFE quot --json')).out)).toEqual(['mine1'])
    for (const file of ['all.csv', 'all.tsv', 'all.jsonl']) {
      expect((await typed(here, `dreams export --out ${file}`)).err).toMatch(/^31 dreams/)
      const { out } = await typed(there, `dreams import ${join(here, file)}`)
      expect(out).toMatch(file === 'all.csv' ? /1 dream added, 30 there already/ : /0 dreams added, 31 there already/)
    }
    expect((await typed(there, 'dreams show mine1')).out).toContain(dream)
    const again = join(here, 'all.jsonl')
    expect(JSON.parse((await typed(there, `dreams import ${again} --json`)).out)).toMatchObject([
      { file: again, into: 'the local store', added: 0, same: 31 },
    ])
    expect((await typed(there, 'dreams search --ids d01 nope --json')).err).toBe('Not found: nope.\n')
    expect((await typed(there, 'dreams search xyzzy')).err).toMatch(/nothing matches `xyzzy`/)
    expect((await typed(there, 'dreams search xyzzy --json')).out).toBe('[]\n')
  })

  test.each([
    ['broken.csv', 'id,content\n1,fine\n2,"never closed\n', /^broken\.csv: line 3: a quote is opened here/],
    ['latin.csv', 'id,content\n1,caf\xe9\n', /^latin\.csv: line 2 is not UTF-8/],
    ['bare.csv', 'id,words\n1,x\n', /no column `content`/],
  ])('from %s are refused with the line and the remedy', async (file, content, message) => {
    const dir = fresh()
    writeFileSync(join(dir, file), Buffer.from(content, 'latin1'))
    expect(await typed(dir, `dreams import ${file}`)).toMatchObject({ code: 1, err: expect.stringMatching(message) })
  })
})

describe('MCP', () => {
  const DEMO = join(ROOT, 'src/mcp/demo/server.ts')
  const CALL = `mcp call-tool paint --cmd ${process.execPath} --args ${DEMO} --json '{"prompt": "a door"}'`

  test('tools are listed from a file and from --cmd, in the predecessor’s order too', async () => {
    const dir = fresh()
    const server = { name: 'painter', command: process.execPath, args: [DEMO] }
    writeFileSync(join(dir, 'servers.json'), JSON.stringify({ servers: [server] }))
    const listed = await typed(dir, 'mcp --config servers.json --server painter list-tools --json')
    expect(JSON.parse(listed.out).map(({ name }: { name: string }) => name)).toContain('paint')
    const bare = await typed(dir, `mcp --cmd ${process.execPath} --args ${DEMO} -- list-tools`)
    expect(bare).toMatchObject({ code: 0, out: expect.stringMatching(/^paint\(prompt, /) })
  })

  test('a tool’s pictures become files, its complaints exit code 1', async () => {
    const dir = fresh()
    const painted = await typed(dir, CALL)
    const picture = painted.out.split('\n').find((line) => line.endsWith('.png')) as string
    expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG')
    const raw = JSON.parse((await typed(dir, `${CALL} --raw`)).out)
    expect(raw).toMatchObject({
      isError: false,
      content: expect.arrayContaining([expect.objectContaining({ type: 'image' })]),
    })
    const slip = await typed(dir, CALL.replace('"a door"', '"a door", "sed": 1'))
    expect(slip).toMatchObject({ code: 0, err: expect.stringContaining('"sed" is no argument') })
    expect(slip.err).toContain('Nearest: seed.')
    const wrapped = await typed(dir, `${CALL} --wrap-params`)
    expect(wrapped).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/prompt is missing/) })
  })
})
