import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { begin, fresh, ROOT, typed } from './program.ts'

// The program as a process: its streams, its signals, its exit codes. Whatever needs no process is in the other files.

const SHORT = 'run --lm opus sonnet --template roleplay --max-turns 2 --seed 7'

test('in a pipe a run gives the conversation on stdout and all else on stderr', async () => {
  const { code, out, err } = await begin(fresh(), SHORT).ended
  expect(code).toBe(0)
  expect(out.match(/^### .* ###$/gm)).toEqual([
    '### Claude Opus 1 ###',
    '### Claude Sonnet 2 ###',
    '### Claude Opus 1 ###',
    '### Claude Sonnet 2 ###',
  ])
  expect(out).not.toContain('\u001b')
  expect(err).toMatch(/^Run \w+: Claude Opus 1 and Claude Sonnet 2 in roleplay, 2 rounds\. Ctrl-C ends it\.$/m)
  // Plainly, at the start and at the end.
  expect(err.match(/no language model speaks there/g)).toHaveLength(2)
  const log = /^Log: (.*)$/m.exec(err)?.[1] as string
  const written = readFileSync(log, 'utf8')
  for (const said of out.split(/^### .* ###$/m).slice(1)) expect(written).toContain(said.trim())
})

test('exit codes: 2 for wrong use, 1 for what cannot be done, one sentence on stderr and nothing on stdout', async () => {
  const wrong = begin(fresh(), 'run --max-tuns 3')
  const unknown = begin(fresh(), 'config opsu')
  const none = begin(fresh(), 'export last')
  const environment = begin(fresh(), 'models', { PORT: 'x' })
  expect(await wrong.ended).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^There is no flag --max-tuns here/),
  })
  expect(await unknown.ended).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^[^\n]*opsu[^\n]*\nSee: .*\n$/),
  })
  expect(await none.ended).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^There is no run yet[^\n]*\n$/),
  })
  expect(await environment.ended).toEqual({ code: 1, out: '', err: 'PORT should be a whole number from 0 to 65535.\n' })
})

test('Ctrl-C says ^C^C and ends a run in order', async () => {
  const dir = fresh()
  const run = begin(dir, 'run --template roleplay')
  await run.says('Ctrl-C ends it')
  run.child.kill('SIGINT')
  // npm and the terminal both pass it on: the second means the same.
  run.child.kill('SIGINT')
  const { code, out, err } = await run.ended
  expect(code).toBe(130)
  expect(out).toMatch(/\^C\^C\n$/)
  expect(err).toMatch(/^Ended: stopped\. .* has ended the conversation with \^C\^C\.$/m)
  const folder = join(dir, 'backrooms_logs/roleplay')
  const log = readdirSync(folder).find((name) => name.endsWith('.txt')) as string
  expect(readFileSync(join(folder, log), 'utf8')).toMatch(/has ended the conversation with \^C\^C\.\n$/)
})

test('a run that is left goes on with resume, and nobody else takes it up meanwhile', async () => {
  const dir = fresh()
  const run = begin(dir, 'run --template roleplay --seed 7')
  await run.says('Ctrl-C ends it')
  const [{ id }] = JSON.parse((await typed(dir, 'list --json')).out)
  const other = await begin(dir, `resume ${id}`).ended
  expect(other).toMatchObject({ code: 1, err: expect.stringMatching(/going in another terminal \(terminal:.*--take/) })
  run.child.kill('SIGTERM')
  expect((await run.ended).code).toBe(130)
  expect((await typed(dir, 'list')).out).toMatch(/left behind/)
  const again = begin(dir, `resume ${id}`)
  await again.says('Ctrl-C ends it')
  again.child.kill('SIGINT')
  expect(await again.ended).toMatchObject({ code: 130, err: expect.stringContaining('Ended: stopped.') })
  expect(await typed(dir, `resume ${id}`)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/has ended \(stopped\)/),
  })
})

test('a batch that was killed is told of by the next start, and goes on with resume', async () => {
  const dir = fresh()
  const config = { type: 'batch', template: 'dreamsim4', models: ['opus'], data_source: { kind: 'none' } }
  writeFileSync(
    join(dir, 'long.json'),
    JSON.stringify({ ...config, sequence: { runs: 60 }, max_turns: 20, concurrency: 1 }),
  )
  const batch = begin(dir, 'config long.json')
  await batch.says('0/60')
  batch.child.kill('SIGKILL')
  await batch.ended
  const { err } = await typed(dir, SHORT)
  const [, id] =
    /^Left behind by a terminal that was closed: (\w+)\. To go on: npm run backrooms -- resume \1$/m.exec(err) ?? []
  expect((await typed(dir, `resume ${id}-1`)).err).toMatch(new RegExp(`is one of batch ${id}: resume that`))
  const again = begin(dir, `resume ${id}`)
  await again.says('/60')
  again.child.kill('SIGINT')
  const ended = await again.ended
  expect(ended.code).toBe(130)
  expect(ended.err).toMatch(/^\^C\^C: .* what has not begun is left out\. Ctrl-C again leaves at once\.$/m)
  expect(ended.err).toContain(`Batch ${id} has ended.`)
  expect(ended.err).toMatch(/^Runs: .*batch_stopped/m)
  expect((await typed(dir, `resume ${id}`)).err).toMatch(/has ended; --retry-failed/)
})

test('a batch that is resumed is as quick as one that was not killed', async () => {
  const dir = fresh()
  const batch = begin(dir, 'dreamsim4 --models opus --runs 40 --max-turns 10')
  await batch.says('/40')
  batch.child.kill('SIGKILL')
  await batch.ended
  const [{ batch_id: id }] = JSON.parse((await typed(dir, 'list --json')).out)
  // At a pace to be read along this would take minutes.
  expect(await begin(dir, `resume ${id}`).ended).toMatchObject({ code: 0, err: expect.stringMatching(/^40\/40/m) })
})

test('a batch says that it waits for its provider, and Ctrl-C ends it with 130', async () => {
  const provider = createServer((_, response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '50' })
    response.end(JSON.stringify({ error: { message: 'slow down' } }))
  })
  await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void provider.close())
  const { port } = provider.address() as AddressInfo
  const batch = begin(fresh(), 'dreamsim4 --pairs ollama:a+ollama:b --max-turns 1', {
    ...{ OLLAMA_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_API_KEY: 'x' },
  })
  await batch.says('1 run waits for a provider: ')
  batch.child.kill('SIGINT')
  expect(await batch.ended).toMatchObject({ code: 130, err: expect.stringMatching(/^Batch \w+ has ended\.$/m) })
})

test('Ctrl-C once also ends what is still at the last round of a batch that has ended', async () => {
  const dir = fresh()
  const servers = join(dir, 'servers.json')
  const hang = { command: process.execPath, args: [join(ROOT, 'test/mcp/misbehaving.ts'), 'hang'] }
  writeFileSync(servers, JSON.stringify({ mcpServers: { demo: hang } }))
  const batch = begin(dir, 'dreamsim4 --models opus --runs 1 --max-turns 1 --media demo', { MCP_CONFIG: servers })
  await batch.says('Narrators and media agents finish the last rounds. Ctrl-C ends their work.')
  batch.child.kill('SIGINT')
  expect(await batch.ended).toMatchObject({ code: 130, err: expect.stringMatching(/^Batch \w+ has ended\.$/m) })
})

test('colours come where they are wanted', async () => {
  const line = 'run --template roleplay --max-turns 1'
  const [wanted, not] = [
    begin(fresh(), line, { FORCE_COLOR: '1' }),
    begin(fresh(), line, { FORCE_COLOR: '1', NO_COLOR: '1' }),
  ]
  expect((await wanted.ended).out).toContain('\u001b[36m### Claude Opus 1 ###')
  expect((await not.ended).out).not.toContain('\u001b')
})

test('waiting for a Supabase that does not answer is told, and Ctrl-C ends it', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const SUPABASE_URL = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const run = begin(fresh(), SHORT, { SUPABASE_URL, SUPABASE_KEY: 'key', BACKROOMS_AUTO_SYNC: '1' })
  await run.says('Waiting for Supabase to take what has just ended, 20 seconds at most. Ctrl-C leaves at once.')
  run.child.kill('SIGINT')
  expect((await run.ended).code).toBe(130)
})
