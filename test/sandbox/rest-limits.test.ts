import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
let here: string
beforeEach(async () => {
  k = await kit({ limits: 'on' })
  here = `/channels/${k.channel('general')}/messages`
})
afterEach(() => k.close())

const send = (path = here) => k.api('POST', path, { content: 'x' })

describe('a bucket', () => {
  test('is told in the headers, runs out, and comes back', async () => {
    const seen: string[] = []
    for (let n = 0; n < 5; n++) {
      const { status, headers } = await send()
      expect(status).toBe(200)
      expect(headers.get('x-ratelimit-limit')).toBe('5')
      expect(Number(headers.get('x-ratelimit-reset-after'))).toBeGreaterThan(0)
      seen.push(headers.get('x-ratelimit-remaining') ?? '')
    }
    expect(seen).toEqual(['4', '3', '2', '1', '0'])
    const refused = await send()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('x-ratelimit-scope')).toBe('user')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(refused.body).toMatchObject({ message: 'You are being rate limited.', global: false })
    expect(k.violations()).toMatchObject([{ code: 429, path: here }])
    k.pass(5001)
    expect((await send()).status).toBe(200)
  })

  test('is one per channel, under the same hash', async () => {
    const other = `/channels/${k.channel('backrooms')}/messages`
    const first = await send()
    const second = await send(other)
    expect(second.headers.get('x-ratelimit-remaining')).toBe('4')
    expect(second.headers.get('x-ratelimit-bucket')).toBe(first.headers.get('x-ratelimit-bucket'))
  })

  test("a webhook's is shared by all threads of its channel", async () => {
    const channel = k.channel('backrooms')
    const hook = (await k.api('POST', `/channels/${channel}/webhooks`, { name: 'v' })).body
    const threads: string[] = []
    for (const name of ['a', 'b'])
      threads.push((await k.api('POST', `/channels/${channel}/threads`, { name, type: 11 })).body.id)
    const speak = (n: number) =>
      k.api('POST', `/webhooks/${hook.id}/${hook.token}?thread_id=${threads[n % 2]}`, { content: 'x' })
    for (let n = 0; n < 5; n++) expect((await speak(n)).status).toBe(204)
    expect((await speak(5)).status).toBe(429)
  })
})

test('fifty requests a second are the most over all routes, interactions apart', async () => {
  k.sandbox.world.limits.buckets['read guild'] = { limit: 1000, window: 1000 }
  k.pass(0)
  const answers = []
  for (let n = 0; n < 51; n++) answers.push(await k.api('GET', '/users/@me'))
  const last = answers.at(-1)
  expect(last?.status).toBe(429)
  expect(last?.headers.get('x-ratelimit-global')).toBe('true')
  expect(last?.body).toMatchObject({ global: true })
  expect((await k.api('POST', '/interactions/1/x/callback', { type: 5 })).status).toBe(404)
})

test('the first answer to an interaction has no bucket, its edits and follow-ups have one', async () => {
  const at = `/applications/${k.sandbox.applicationId}/commands`
  await k.api('PUT', at, [{ name: 'go', description: 'd' }])
  const answered = new Promise<string>((resolve) => {
    k.sandbox.world.subscribe(({ t, d }) => {
      if (t !== 'INTERACTION_CREATE') return
      const callback = `/interactions/${d.id}/${d.token}/callback`
      void k.api('POST', callback, { type: 4, data: { content: 'x' } }).then(({ status, headers }) => {
        expect([status, headers.get('x-ratelimit-bucket'), headers.get('x-ratelimit-limit')]).toEqual([204, null, null])
        resolve(String(d.token))
      })
    })
  })
  await k.door('POST', '/sandbox/commands', { text: '/go', channel: 'general', user: 'ada' })
  const edited = await k.api('PATCH', `/webhooks/${k.sandbox.applicationId}/${await answered}/messages/@original`, {
    content: 'y',
  })
  expect([edited.status, edited.headers.get('x-ratelimit-limit')]).toEqual([200, '5'])
})

test('a shared limit is announced by no header and no violation', async () => {
  k.sandbox.world.limits.shared.emojis = { limit: 0, window: 60_000 }
  const refused = await k.api('POST', `/applications/${k.sandbox.applicationId}/emojis`, { name: 'aa', image: '' })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('x-ratelimit-scope')).toBe('shared')
  expect(refused.body.message).toBe('The resource is being rate limited.')
  expect(k.violations()).toEqual([])
})

test('too many invalid requests ban the address, with a page instead of JSON', async () => {
  k.sandbox.world.limits.invalid = { limit: 3, window: 600_000 }
  for (let n = 0; n < 3; n++)
    expect((await k.api('GET', '/users/@me', undefined, { authorization: 'Bot wrong' })).status).toBe(401)
  const banned = await k.api('GET', '/users/@me')
  expect(banned.status).toBe(429)
  expect(banned.headers.get('content-type')).toContain('text/html')
  k.pass(600_001)
  expect((await k.api('GET', '/users/@me')).status).toBe(200)
})

test('lifted limits send no headers', async () => {
  k.sandbox.world.limits.rates = false
  for (let n = 0; n < 8; n++) expect((await send()).status).toBe(200)
  expect((await send()).headers.get('x-ratelimit-limit')).toBeNull()
})
