import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
let here: string
beforeEach(async () => {
  k = await kit()
  here = `/channels/${k.channel('general')}/messages`
})
afterEach(() => k.close())

const arm = (...faults: object[]) => k.door('POST', '/sandbox/faults', { faults })
const send = () => k.api('POST', here, { content: 'x' })
const count = async () => (await k.door('GET', '/sandbox/channels/general/messages')).body.length

describe('on a request', () => {
  test('a status is answered as often as asked, and is no violation', async () => {
    await arm({ route: 'POST /channels/*/messages', kind: 'status', status: 503, count: 2 })
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([503, 503, 200])
    expect(k.violations()).toEqual([])
  })

  test('a route may be written with its parts named, and with the prefix', async () => {
    await arm(
      { route: 'POST /api/v10/channels/:id/messages', kind: 503 },
      { route: '/channels/{id}/webhooks', kind: 500 },
    )
    expect((await send()).status).toBe(503)
    expect((await k.api('GET', `/channels/${k.channel('general')}/webhooks`)).status).toBe(500)
  })

  test('a 429 may have any scope', async () => {
    await arm({ route: '/channels/*', kind: 'status', status: 429, scope: 'shared', retry_after: 0.25 })
    const { status, headers, body } = await send()
    expect([status, headers.get('x-ratelimit-scope'), body.retry_after]).toEqual([429, 'shared', 0.25])
    expect([headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset-after')]).toEqual(['0', '0.250'])
    expect(headers.get('x-ratelimit-bucket')).toMatch(/^[0-9a-f]{32}$/)
  })

  test("the global limit's 429 names no bucket", async () => {
    await arm({ route: '/channels/*', kind: 'status', status: 429, scope: 'global', retry_after: 0.25 })
    const { headers } = await send()
    expect([headers.get('x-ratelimit-global'), headers.get('x-ratelimit-bucket')]).toEqual(['true', null])
  })

  test('Cloudflare answers with a page', async () => {
    await arm({ route: '*', kind: 'cloudflare' })
    const { status, headers, body } = await send()
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html; charset=UTF-8'])
    expect(body).toContain('<html')
  })

  test("Cloudflare's page has the title of its status", async () => {
    await arm({ route: '*', kind: 'cloudflare', status: 503 })
    const { status, body } = await send()
    expect([status, /<title>(.*)<\/title>/.exec(body)?.[1]]).toEqual([503, '503 Service Unavailable'])
  })

  test.each<[string, object, string]>([
    ['a field that is none', { kind: 'delay', ms: 5, mss: 5 }, 'mss'],
    ['a delay without its time', { kind: 'delay' }, 'ms'],
    ['a field of another kind', { kind: 'status', status: 503, ms: 5 }, 'A fault of kind status has no ms'],
    ['the scope of a status that has none', { kind: 'status', status: 503, scope: 'shared' }, 'scope'],
    ['a permission that is none', { kind: 'permission_withdrawn', permission: 'fly' }, 'permission'],
  ])('is not armed with %s', async (_, fault, named) => {
    const { status, body } = await arm(fault)
    expect(status).toBe(400)
    expect(body.reason).toContain(named)
    expect((await k.door('DELETE', '/sandbox/faults')).status).toBe(200)
    expect((await send()).status).toBe(200)
  })

  test('a connection cut before the request is processed leaves nothing behind', async () => {
    await arm({ route: `POST ${here}`, kind: 'cut_before' })
    await expect(send()).rejects.toThrow()
    expect(await count()).toBe(0)
  })

  test('one cut afterwards leaves the message', async () => {
    await arm({ route: `POST ${here}`, kind: 'cut_after' })
    await expect(send()).rejects.toThrow()
    expect(await count()).toBe(1)
  })

  test('a body may end halfway', async () => {
    await arm({ route: `POST ${here}`, kind: 'truncate' })
    await expect(send()).rejects.toThrow()
    expect(await count()).toBe(1)
  })

  test('a probability strikes the same requests for the same seed', async () => {
    const run = async (seed: number) => {
      await k.door('DELETE', '/sandbox/faults')
      await arm({ route: `POST ${here}`, kind: 'status', status: 500, probability: 0.5, seed })
      const seen: number[] = []
      for (let n = 0; n < 12; n++) seen.push((await send()).status)
      return seen.join()
    }
    const first = await run(7)
    expect(first).toContain('500')
    expect(first).toContain('200')
    expect(await run(7)).toBe(first)
    expect(await run(8)).not.toBe(first)
  })

  test('a delay delays', async () => {
    await arm({ route: `POST ${here}`, kind: 'delay', ms: 80 })
    const started = performance.now()
    await send()
    expect(performance.now() - started).toBeGreaterThan(75)
  })
})

describe('in the world', () => {
  const thread = async () =>
    (await k.api('POST', `/channels/${k.channel('backrooms')}/threads`, { name: 't', type: 11 })).body.id as string

  test('a thread is deleted, locked or archived', async () => {
    const [gone, locked] = [await thread(), await thread()]
    await arm({ kind: 'thread_deleted', target: gone }, { kind: 'thread_locked', target: locked })
    expect((await k.api('POST', `/channels/${gone}/messages`, { content: 'x' })).body.code).toBe(10003)
    expect((await k.api('GET', `/channels/${locked}`)).body.thread_metadata).toMatchObject({
      locked: true,
      archived: false,
    })
  })

  test('or just as a request names it', async () => {
    const id = await thread()
    await arm({ route: 'POST /channels/*/messages', kind: 'thread_deleted' })
    expect((await k.api('POST', `/channels/${id}/messages`, { content: 'x' })).body.code).toBe(10003)
  })

  test('a permission or the membership is withdrawn', async () => {
    await arm({ kind: 'permission_withdrawn', permission: 'SEND_MESSAGES' })
    expect((await send()).body.code).toBe(50013)
    await arm({ kind: 'permission_granted', permission: 'send_messages' })
    expect((await send()).status).toBe(200)
    await arm({ kind: 'permission_withdrawn', permission: 'manage_webhooks', target: k.channel('media') })
    expect((await k.api('POST', `/channels/${k.channel('media')}/webhooks`, { name: 'v' })).body.code).toBe(50013)
    expect((await k.api('POST', `/channels/${k.channel('logs')}/webhooks`, { name: 'v' })).status).toBe(200)
    await arm({ kind: 'membership_withdrawn' })
    expect((await send()).body.code).toBe(50001)
  })

  test('a webhook, a channel, the token are gone', async () => {
    const hook = (await k.api('POST', `/channels/${k.channel('media')}/webhooks`, { name: 'v' })).body
    await arm({ kind: 'webhook_deleted', target: hook.id })
    expect((await k.api('POST', `/webhooks/${hook.id}/${hook.token}`, { content: 'x' })).body.code).toBe(10015)
    await arm({ kind: 'channel_deleted', target: k.channel('general') })
    expect((await send()).body.code).toBe(10003)
    await arm({ kind: 'token_revoked' })
    expect((await send()).status).toBe(401)
  })
})

test('a fault that is none is refused with a reason', async () => {
  const refused = await arm({ route: '*', kind: 'meteor' })
  expect(refused.status).toBe(400)
  expect(refused.body.reason).toContain('kind')
})
