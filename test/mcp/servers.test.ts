import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { everything, failure, mcpWith, misbehaving, temporaryFolder } from './kit.ts'

const SECRET = 'hunter2-hunter2'
const quick = { startMs: 4000, garbageMs: 300, pongMs: 400, backoffMs: [50, 400] as [number, number] }

const alone = (how: string, more: object = {}, limits: object = {}) =>
  mcpWith({ mcpServers: { s: misbehaving(how, more) } }, { limits: { ...quick, ...limits } })

test('nothing is started before it is needed, and one process serves every call', async () => {
  const mcp = alone('fine')
  expect(mcp.state()).toMatchObject([{ name: 's', state: 'idle', pid: null }])
  const [first, second] = [await mcp.call('s', 'do', {}), await mcp.call('s', 'do', {})]
  expect(first).toEqual(second)
  expect(mcp.state()).toMatchObject([{ state: 'connected', tools: 1, trouble: null }])
})

test('calls at the same moment share one start', async () => {
  const mcp = alone('fine')
  const answers = await Promise.all(Array.from({ length: 5 }, () => mcp.call('s', 'do', {})))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
})

test('a server that ends at its start is named with its last words, without the secret in them', async () => {
  const mcp = alone('exit', { env: { API_KEY: SECRET } })
  const { failure: kind, message } = await failure(mcp.tools('s'))
  expect(kind).toBe('unreachable')
  expect(message).toBe(
    'The MCP server "s" did not start: its process ended with code 3, last saying: Error: the key *** was refused.',
  )
  expect(JSON.stringify(mcp.logged)).not.toContain(SECRET)
  expect(mcp.logged).toContainEqual({ level: 'info', text: '{"server":"s"} Error: the key *** was refused' })
})

test('a program that does not exist, and a folder that does not, are named', async () => {
  const mcp = mcpWith({
    servers: [
      { name: 'a', command: 'no-such-program' },
      { name: 'b', command: 'node', cwd: 'nowhere' },
    ],
  })
  expect((await failure(mcp.tools('a'))).message).toBe(
    'The MCP server "a" did not start: there is no program "no-such-program" here.',
  )
  expect((await failure(mcp.tools('b'))).message).toBe('The MCP server "b" cannot start: its cwd is no folder.')
})

test('garbage on stdout is quoted when nothing else comes, and left out when the rest is fine', async () => {
  const mcp = mcpWith({ mcpServers: { bad: misbehaving('garbage'), fine: misbehaving('chatty') } }, { limits: quick })
  const { message } = await failure(mcp.tools('bad'))
  expect(message).toContain('did not answer within 0.3 s; it wrote what is not MCP to stdout: "Listening on port 3000"')
  expect((await mcp.call('fine', 'do', {})).isError).toBe(false)
  expect(mcp.logged.filter(({ level }) => level === 'warn').map(({ text }) => text)).toContainEqual(
    expect.stringContaining('Welcome to the server!'),
  )
})

test('garbage beside proper answers is told once, with a sample, and named where a call fails', async () => {
  const servers = { s: misbehaving('babbling'), hangs: misbehaving('babbling-hang') }
  const mcp = mcpWith({ mcpServers: servers }, { limits: quick })
  const warned = () => mcp.logged.filter(({ level, text }) => level === 'warn' && text.includes('"server":"s"'))
  while (warned().length === 0) expect((await mcp.call('s', 'do', {})).isError).toBe(false)
  for (let i = 0; i < 5; i++) await mcp.call('s', 'do', {})
  expect(warned().map(({ text }) => text)).toEqual([
    '{"server":"s","line":"[debug] still here"} an MCP server writes to stdout what is not MCP; that is left out',
  ])
  const sample = 'It writes to stdout what is not MCP, which is left out: "[debug] still here"'
  expect(mcp.state()[0]).toMatchObject({ state: 'connected', trouble: sample })
  expect((await failure(mcp.call('hangs', 'do', {}, { timeoutMs: 300 }))).message).toBe(
    'The call of hangs/do took too long: nothing came within 0.3 s; the server wrote what is not MCP to stdout: "[debug] still here".',
  )
})

test('a server that never says hello is given up', async () => {
  const mcp = alone('silent', {}, { startMs: 300 })
  expect((await failure(mcp.tools('s'))).message).toBe(
    'The MCP server "s" did not start: it did not answer within 0.3 s.',
  )
})

test('a server that dies during a call says how, and is there again for the next', async () => {
  const mcp = alone('die')
  const { failure: kind, message } = await failure(mcp.call('s', 'do', {}))
  expect(kind).toBe('died')
  expect(message).toBe('The call of s/do failed: the server went away: its process ended with code 9.')
  expect((await mcp.tools('s')).map(({ name }) => name)).toEqual(['do'])
})

test('a killed server is started again by itself', async () => {
  const mcp = mcpWith({ mcpServers: { s: everything } }, { limits: quick })
  await mcp.tools('s')
  const before = mcp.state()[0]?.pid as number
  process.kill(before, 'SIGKILL')
  const now = () => mcp.state()[0]
  await expect.poll(() => now()?.pid ?? before, { timeout: 10_000 }).not.toBe(before)
  expect(now()).toMatchObject({ state: 'connected', trouble: null })
})

test('a server that keeps failing is tried less and less often, and calls meanwhile fail at once', async () => {
  const mcp = alone('exit', {}, { backoffMs: [60_000, 60_000] })
  await failure(mcp.tools('s'))
  const began = performance.now()
  const { message } = await failure(mcp.call('s', 'do', {}))
  expect(performance.now() - began).toBeLessThan(200)
  expect(message).toMatch(/^The MCP server "s" did not start: .* It is tried again in 60 s\.$/)
})

test('a server that was waited for in vain is not waited for again, and is there once it answers', async () => {
  const note = join(temporaryFolder(), 'awake')
  const limits = { startMs: 1000, patienceMs: 100, backoffMs: [10, 60_000] }
  const mcp = alone('asleep', { env: { NOTE_FILE: note } }, limits)
  const timed = async () => {
    const began = performance.now()
    const { message } = await failure(mcp.call('s', 'do', {}))
    return { message, took: performance.now() - began }
  }
  const first = await timed()
  expect(first.message).toBe('The MCP server "s" did not start: it did not answer within 1 s.')
  const second = await timed()
  expect(second.message).toMatch(/did not answer within 1 s\. It is tried again in (1(\.\d)?|0\.\d) s\.$/)
  expect(second.took).toBeLessThan(200)
  // Its time has come: it is tried again, and nobody waits as long as the first did.
  await expect.poll(async () => (await timed()).message, { timeout: 5000 }).toMatch(/It is being tried again\.$/)
  const third = await timed()
  expect(third.message).toMatch(/It is being tried again\.$/)
  expect(third.took).toBeLessThan(200)
  // The wait has doubled.
  await expect.poll(async () => (await timed()).message, { timeout: 5000 }).toMatch(/again in (2(\.\d)?|1\.[5-9]) s\.$/)
  writeFileSync(note, '')
  await expect
    .poll(async () => mcp.call('s', 'do', {}).then(({ isError }) => isError, String), { timeout: 8000 })
    .toBe(false)
  expect(mcp.state()).toMatchObject([{ state: 'connected', trouble: null }])
}, 20_000)

test('a call that is never answered ends at its time limit and is cancelled at the server', async () => {
  const note = join(temporaryFolder(), 'note')
  writeFileSync(note, '')
  const mcp = alone('hang', { env: { NOTE_FILE: note } })
  await mcp.tools('s')
  const { failure: kind, message } = await failure(mcp.call('s', 'do', {}, { timeoutMs: 200 }))
  expect(kind).toBe('timeout')
  expect(message).toBe('The call of s/do took too long: nothing came within 0.2 s.')
  await expect.poll(() => readFileSync(note, 'utf8')).toMatch(/^cancelled \d+\n$/)
})

test('a call that tells of its progress may take longer than its time limit, and one that tells nothing may not', async () => {
  const mcp = alone('slow')
  const seen: number[] = []
  const { content } = await mcp.call(
    's',
    'do',
    {},
    { timeoutMs: 300, onProgress: ({ progress }) => seen.push(progress) },
  )
  expect(content).toEqual([{ type: 'text', text: 'done slowly' }])
  expect(seen.length).toBeGreaterThanOrEqual(9)
  expect((await failure(alone('hang').call('s', 'do', {}, { timeoutMs: 300 }))).failure).toBe('timeout')
})

test('an aborted call is cancelled at the server, and the connection stays', async () => {
  const note = join(temporaryFolder(), 'note')
  writeFileSync(note, '')
  const mcp = alone('hang', { env: { NOTE_FILE: note } })
  await mcp.tools('s')
  const abort = new AbortController()
  const call = failure(mcp.call('s', 'do', {}, { signal: abort.signal }))
  setTimeout(() => abort.abort(), 100)
  expect(await call).toEqual({ failure: 'aborted', message: 'The call of s/do was cancelled.' })
  await expect.poll(() => readFileSync(note, 'utf8')).toMatch(/^cancelled \d+\n$/)
  expect(mcp.state()[0]?.state).toBe('connected')
})

test('a server that stops answering altogether is ended and replaced', async () => {
  const mcp = alone('deaf')
  await mcp.tools('s')
  const before = mcp.state()[0]?.pid
  await failure(mcp.call('s', 'do', {}, { timeoutMs: 100 }))
  await expect.poll(() => mcp.state()[0]?.pid, { timeout: 15_000 }).not.toBe(before)
  expect(mcp.logged.some(({ text }) => text.includes('it stopped answering for 0.4 s, and was ended'))).toBe(true)
})

test('an answer of 50 MB is refused without being held', async () => {
  const mcp = alone('huge', {}, { maxBytes: 4 * 1024 * 1024 })
  await mcp.tools('s')
  // What passes through is garbage at once; only what is still held after a collection counts.
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: { type: 'minor' }) => void
  const held = () => {
    collect({ type: 'minor' })
    return process.memoryUsage().arrayBuffers
  }
  const before = held()
  let peak = 0
  let looks = 0
  const watching = setInterval(() => {
    peak = Math.max(peak, held() - before)
    looks++
  }, 10)
  const { failure: kind, message } = await failure(mcp.call('s', 'do', {}))
  clearInterval(watching)
  expect(kind).toBe('too_large')
  expect(message).toBe('The call of s/do failed: it sent more than 4 MB in one answer.')
  expect(looks).toBeGreaterThan(2)
  expect(peak).toBeLessThan(32 * 1024 * 1024)
  expect((await mcp.tools('s')).length).toBe(1)
})

test('an answer that is too large concerns its own call alone: neighbours on the same server are answered', async () => {
  const mcp = alone('crowd', {}, { maxBytes: 4 * 1024 * 1024 })
  await mcp.tools('s')
  const pid = mcp.state()[0]?.pid
  const [look, paint, big] = await Promise.all([
    mcp.call('s', 'look', {}),
    mcp.call('s', 'paint', {}),
    failure(mcp.call('s', 'big', {})),
  ])
  expect([look, paint].map(({ content }) => content)).toMatchObject([[{ text: 'look done' }], [{ text: 'paint done' }]])
  expect(big).toEqual({
    failure: 'too_large',
    message: 'The call of s/big failed: it sent more than 4 MB in one answer.',
  })
  expect(mcp.state()[0]).toMatchObject({ state: 'connected', pid })
})

test('an answer without an end ends the server; what may be repeated is asked again, what may not says why it failed', async () => {
  const note = join(temporaryFolder(), 'note')
  const mcp = alone('crowd', { env: { NOTE_FILE: note } }, { maxBytes: 1024 * 1024 })
  await mcp.tools('s')
  const [look, paint, endless] = await Promise.all([
    mcp.call('s', 'look', {}),
    failure(mcp.call('s', 'paint', {})),
    failure(mcp.call('s', 'endless', {})),
  ])
  expect(look.content).toMatchObject([{ text: 'look done' }])
  expect(paint).toEqual({
    failure: 'too_large',
    message:
      'The call of s/paint was cut off: while the server answered 3 calls (s/look, s/paint, s/endless), it sent more than 1 MB in one answer, and was ended. It may have been done, so it was not asked again.',
  })
  expect(endless.message).toContain('The call of s/endless was cut off')
  expect(readFileSync(note, 'utf8').trim().split('\n').sort()).toEqual(['endless', 'look', 'look', 'paint'])
  expect((await failure(mcp.call('s', 'endless', {}))).message).toBe(
    'The call of s/endless failed: it sent more than 1 MB in one answer, and was ended.',
  )
})

test('an error result is an answer; a protocol error and nonsense are failures', async () => {
  const env = { API_KEY: SECRET }
  const mcp = mcpWith({
    mcpServers: {
      failing: misbehaving('failing'),
      refuse: misbehaving('refuse', { env }),
      nonsense: misbehaving('nonsense'),
    },
  })
  expect(await mcp.call('failing', 'do', {})).toEqual({
    content: [{ type: 'text', text: 'the kiln is cold' }],
    structured: null,
    isError: true,
  })
  expect(await failure(mcp.call('refuse', 'do', {}))).toEqual({
    failure: 'refused',
    message: 'The call of refuse/do was refused by the server: the key *** ran out.',
  })
  expect(await failure(mcp.call('nonsense', 'do', {}))).toEqual({
    failure: 'refused',
    message: 'The call of nonsense/do failed: what the server answered is not what MCP asks for.',
  })
})

test('a tool, a server and an argument that do not exist are named with what there is', async () => {
  const mcp = mcpWith({ mcpServers: { ev: everything } })
  const missing = await failure(mcp.call('ev', 'ecko', {}))
  expect(missing.failure).toBe('unknown_tool')
  expect(missing.message).toContain('The MCP server "ev" has no tool "ecko". Did you mean echo? It has echo, ')
  const unlike = (await failure(mcp.call('ev', 'nope', {}))).message
  expect(unlike).toContain('The MCP server "ev" has no tool "nope". It has echo, ')
  expect((await failure(mcp.call('eve', 'echo', {}))).message).toContain('There is no MCP server "eve" in ')
  expect((await failure(mcp.call('eve', 'echo', {}))).message).toContain('It has ev.')
  expect(await failure(mcp.call('ev', 'get-sum', { a: 'one' }))).toEqual({
    failure: 'bad_arguments',
    message: 'The arguments do not fit ev/get-sum: b is missing; a must be number.',
  })
})

test('a server inherits none of the bot’s keys, and what refers to them stays out of results and logs', async () => {
  const env = { PATH: process.env.PATH ?? '', DISCORD_TOKEN: 'the-bot-token', KIE_AI_KEY: SECRET }
  const mcp = mcpWith(
    { mcpServers: { env: misbehaving('env'), secret: misbehaving('secret', { env: { API_KEY: '${KIE_AI_KEY}' } }) } },
    { env },
  )
  const inherited = JSON.stringify((await mcp.call('env', 'do', {})).content)
  expect(inherited).toContain('PATH')
  expect(inherited).not.toMatch(/the-bot-token|hunter2/)
  expect(await mcp.call('secret', 'do', {})).toEqual({
    content: [{ type: 'text', text: 'key=***' }],
    structured: { env: ['***'] },
    isError: false,
  })
  await expect.poll(() => mcp.logged.map(({ text }) => text)).toContain('{"server":"secret"} using ***')
  expect(JSON.stringify(mcp.logged)).not.toContain(SECRET)
})

test('a variable that is not set is named before anything is started', async () => {
  const mcp = mcpWith({ mcpServers: { s: misbehaving('fine', { env: { API_KEY: '${KIE_AI_KEY}' } }) } })
  expect((await failure(mcp.tools('s'))).message).toBe(
    'The MCP server "s" needs KIE_AI_KEY (its env.API_KEY refers to it); set it in .env.',
  )
})

test('tools that come in pages are listed whole', async () => {
  expect((await alone('pages').tools('s')).map(({ name }) => name)).toEqual(['do0', 'do1', 'do2'])
})

test('a server runs in the folder it names, else in the project', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'deep'))
  const script = join(import.meta.dirname, 'misbehaving.ts')
  const mcp = mcpWith({ mcpServers: { there: { command: 'node', args: [script, 'fine'], cwd: join(folder, 'deep') } } })
  expect(JSON.stringify((await mcp.call('there', 'do', {})).content)).toContain('/deep ')
})

test('a changed file counts at once: a server that was taken out is ended, one that was added can be used', async () => {
  const mcp = alone('fine')
  await mcp.call('s', 'do', {})
  const pid = mcp.state()[0]?.pid as number
  writeFileSync(mcp.file, JSON.stringify({ mcpServers: { other: misbehaving('fine') } }))
  expect(mcp.names()).toEqual(['other'])
  expect((await mcp.call('other', 'do', {})).isError).toBe(false)
  expect((await failure(mcp.call('s', 'do', {}))).failure).toBe('unknown_server')
  await expect.poll(() => isAlive(pid)).toBe(false)
})

test('a broken file is told and harms nothing else', async () => {
  const mcp = mcpWith('{ "mcpServers": ')
  expect(mcp.names()).toEqual([])
  expect(mcp.problems()[0]).toContain('broken JSON')
  expect((await failure(mcp.tools('s'))).message).toContain('cannot be used: ')
  expect(mcp.logged.some(({ level, text }) => level === 'warn' && text.includes('broken JSON'))).toBe(true)
})

test('closing ends every process, stubborn ones too', async () => {
  const mcp = mcpWith({ mcpServers: { a: misbehaving('fine'), b: misbehaving('stubborn') } })
  await Promise.all([mcp.tools('a'), mcp.tools('b')])
  const pids = mcp.state().map(({ pid }) => pid as number)
  expect(pids.map(isAlive)).toEqual([true, true])
  await mcp.close()
  expect(pids.map(isAlive)).toEqual([false, false])
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
