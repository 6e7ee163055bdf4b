import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit()
})
afterEach(() => k.close())

const messages = (name = 'general') => `/channels/${k.channel(name)}/messages`
const json = { 'content-type': 'application/json' }

describe('bad input', () => {
  test('malformed JSON, other content and wrong types', async () => {
    expect((await k.api('POST', messages(), '{"content":', json)).body).toEqual({
      message: 'The request body contains invalid JSON.',
      code: 50109,
    })
    expect((await k.api('POST', messages(), 'content=x', { 'content-type': 'text/plain' })).body.code).toBe(50035)
    const wrong = await k.api('POST', messages(), { content: 5, embeds: 'none' })
    expect(wrong.body.errors).toMatchObject({
      content: { _errors: [{ code: 'STRING_TYPE_CONVERT' }] },
      embeds: { _errors: [{ code: 'LIST_TYPE_CONVERT' }] },
    })
    expect((await k.api('POST', messages(), '[1]', json)).body.code).toBe(50035)
    expect((await k.api('GET', '/channels/abc')).body.errors).toMatchObject({
      channel_id: { _errors: [{ code: 'NUMBER_TYPE_COERCE' }] },
    })
  })

  test('bodies that are too large are refused with 413', async () => {
    k.sandbox.world.limits.json = 1000
    const large = await k.api('POST', messages(), { content: 'x'.repeat(2000) })
    expect([large.status, large.body.code]).toEqual([413, 40005])
  })

  test('an unknown route is 404 and a violation that names it', async () => {
    const unknown = await k.api('POST', '/guilds/1/soundboard-sounds', {})
    expect(unknown).toMatchObject({ status: 404, body: { message: '404: Not Found', code: 0 } })
    expect(k.violations()).toMatchObject([{ method: 'POST', path: '/guilds/1/soundboard-sounds', code: 404 }])
    expect(k.violations()[0]?.reason).toContain('POST /guilds/1/soundboard-sounds')
  })

  test.each<[string, number, number, string]>([
    ['/api/v8/users/@me', 404, 404, 'GET /api/v8/users/@me: API version 8 is deprecated'],
    ['/api/v99/users/@me', 400, 50041, 'v99. Use /api/v10'],
    ['/api/v5/users/@me', 400, 50041, 'v5. Use /api/v10'],
    ['/api/users/@me', 404, 404, 'GET /api/users/@me: an address without a version means'],
    ['/v10/users/@me', 404, 404, 'GET /v10/users/@me: the API is at /api/v10'],
    ['/nope', 404, 404, 'GET /nope: the API is at /api/v10'],
  ])('a wrong address is a violation that says what is wrong with it: %s', async (path, status, code, reason) => {
    const headers = { authorization: `Bot ${k.sandbox.token}` }
    const response = await fetch(k.sandbox.url + path, { headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(k.violations()).toMatchObject([{ method: 'GET', path, code }])
    expect(k.violations()[0]?.reason).toContain(reason)
  })

  test('what a browser asks for on its own is no violation', async () => {
    expect((await fetch(`${k.sandbox.url}/favicon.ico`, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(
      404,
    )
    expect((await fetch(`${k.sandbox.url}/sandbox/nothing`)).status).toBe(404)
    expect(k.violations()).toEqual([])
  })

  test('history is asked for before, after or around a message, never two of them', async () => {
    const both = await k.api('GET', `${messages()}?before=5&after=3`)
    expect([both.status, both.body.code]).toEqual([400, 50035])
    expect(both.body.errors).toMatchObject({ after: { _errors: [{}] } })
    expect((await k.api('GET', `${messages()}?around=5&before=3`)).status).toBe(400)
    expect((await k.api('GET', `${messages()}?around=5&limit=3`)).status).toBe(200)
  })

  test('a callback of a type that is none is told all there are', async () => {
    const wrong = await k.api('POST', '/interactions/1/x/callback', { type: 99 })
    expect(wrong.body.errors.type._errors).toMatchObject([{ message: 'Value must be one of (1, 4, 5, 6, 7, 8, 9).' }])
  })

  test('a door tells a person in words what is wrong with which field', async () => {
    const path = '/sandbox/channels/general/messages'
    const long = await k.door('POST', path, { content: 'x'.repeat(2001), user: 'ada' })
    expect([long.status, long.body.reason]).toEqual([400, 'content: Must be 2000 or fewer in length.'])
    expect((await k.door('POST', path, { content: '', user: 'ada' })).body.reason).toBe('Cannot send an empty message.')
  })

  test('a missing or wrong token is 401', async () => {
    for (const authorization of ['', 'Bot nonsense', `Bearer ${k.sandbox.token}`]) {
      expect(await k.api('GET', '/users/@me', undefined, { authorization })).toMatchObject({
        status: 401,
        body: { message: '401: Unauthorized', code: 0 },
      })
    }
  })

  test('doors say what is wrong', async () => {
    expect((await k.door('POST', '/sandbox/commands', { channel: 'general' })).body.reason).toContain('text')
    expect((await k.door('GET', '/sandbox/channels/nowhere/messages')).body.reason).toContain('nowhere')
  })
})

describe('loopback', () => {
  const status = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const { port } = new URL(k.sandbox.url)
      request({ port, host: '127.0.0.1', path: '/sandbox', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })

  test('other hosts and origins are refused', async () => {
    expect(await status({ host: 'localhost:1' })).toBe(200)
    expect(await status({ host: 'sandbox.example' })).toBe(403)
    expect(await status({ host: '127.0.0.1', origin: 'https://sandbox.example' })).toBe(403)
    expect(await status({ host: '127.0.0.1', origin: 'http://localhost:3000' })).toBe(200)
  })

  test('the sandbox listens nowhere else', async () => {
    await expect(kit({ host: '0.0.0.0' })).rejects.toThrow('HOST must be')
  })

  test('connections beyond the table are told so', async () => {
    k.sandbox.world.limits.connections = 0
    const refused = await fetch(`${k.sandbox.url}/sandbox`, { headers: { connection: 'close' } })
    expect(refused.status).toBe(503)
  })
})

describe('permissions', () => {
  test('overwrites apply in order: everyone, roles, member', async () => {
    const { world, applicationId } = k.sandbox
    const put = async (id: string, type: number, allow: bigint, deny: bigint) => {
      const channel = world.guildChannels().find((c) => c.name === 'general')
      if (!channel) throw new Error('no channel')
      const others = channel.permission_overwrites.filter((o) => o.id !== id)
      world.channels.put(channel.id, {
        ...channel,
        permission_overwrites: [...others, { id, type: type as 0 | 1, allow: String(allow), deny: String(deny) }],
      })
    }
    const code = async () => (await k.api('POST', messages(), { content: 'x' })).body.code
    const SEND = 1n << 11n
    const VIEW = 1n << 10n
    await put(world.guild.id, 0, 0n, SEND)
    expect(await code()).toBe(50013)
    const role = world.members.get(applicationId)?.roles[0] ?? ''
    await put(role, 0, SEND, 0n)
    expect(await code()).toBeUndefined()
    await put(applicationId, 1, 0n, SEND)
    expect(await code()).toBe(50013)
    await put(applicationId, 1, 0n, VIEW)
    expect(await code()).toBe(50001)
  })
})

describe('commands', () => {
  const put = (commands: object[]) => k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, commands)
  const text = (name: string, more: object = {}) => ({ type: 3, name, description: 'd', ...more })
  const slash = (name: string, ...options: object[]) => ({ name, description: 'd', options })

  test('keep their ids when they are overwritten unchanged', async () => {
    const first = await put([slash('one', text('a'))])
    const second = await put([slash('one', text('a')), slash('two')])
    expect(second.body[0]).toEqual(first.body[0])
    expect((await put([slash('one', text('b'))])).body[0]).toMatchObject({ id: first.body[0].id })
    expect(k.violations()).toEqual([])
  })

  test.each([
    ['an upper-case name', [slash('One')]],
    ['a name with a space', [slash('one two')]],
    ['two of one name', [slash('one'), slash('one')]],
    ['no description', [{ name: 'one' }]],
    ['a required option after an optional one', [slash('one', text('a'), text('b', { required: true }))]],
    ['an option twice', [slash('one', text('a'), text('a'))]],
    [
      'choices with autocomplete',
      [slash('one', text('a', { autocomplete: true, choices: [{ name: 'x', value: 'x' }] }))],
    ],
    [
      'a choice twice',
      [
        slash(
          'one',
          text('a', {
            choices: [
              { name: 'x', value: '1' },
              { name: 'x', value: '2' },
            ],
          }),
        ),
      ],
    ],
    ['subcommands beside options', [slash('one', { type: 1, name: 's', description: 'd' }, text('a'))]],
    ['a menu with a description', [{ type: 3, name: 'Menu', description: 'd' }]],
    ['26 options', [slash('one', ...Array.from({ length: 26 }, (_, n) => text(`o${n}`)))]],
    [
      'a command over 8000 characters',
      [
        slash(
          'one',
          ...Array.from({ length: 25 }, (_, n) =>
            text(`o${n}`, {
              choices: Array.from({ length: 25 }, (_, c) => ({
                name: `${c}`.padEnd(10, 'x'),
                value: `${c}`.padEnd(10, 'x'),
              })),
            }),
          ),
        ),
      ],
    ],
  ])('are refused for %s', async (_, commands) => {
    const refused = await put(commands)
    expect([refused.status, refused.body.code]).toEqual([400, 50035])
  })

  test('are at most a hundred', async () => {
    expect((await put(Array.from({ length: 101 }, (_, n) => slash(`c${n}`)))).body.code).toBe(30032)
  })
})

test('the record holds every request with its bucket and verdict, a line each', async () => {
  await k.api('POST', messages(), { content: 'x' })
  await k.api('POST', messages(), { content: '' })
  const { body, headers } = await k.door('GET', '/sandbox/record')
  expect(headers.get('content-type')).toBe('application/jsonl')
  const lines = body
    .trim()
    .split('\n')
    .map((line: string) => JSON.parse(line))
  expect(lines.filter((line: { kind: string }) => line.kind === 'request')).toMatchObject([
    { method: 'POST', path: messages(), bucket: 'create message', status: 200, verdict: 'ok' },
    { status: 400, verdict: 'refused 50006' },
  ])
})
