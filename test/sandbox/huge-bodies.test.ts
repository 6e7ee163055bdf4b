/** Bodies without end are refused before they are held, at the doors and everywhere else. */
import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit()
})
afterEach(() => k.close())

const CHUNK = Buffer.alloc(1024 * 1024, 'x')

/** Sends `mebibytes` in chunks, with or without saying how many there will be, until an answer comes. @returns its status, and how much went out */
function pour(path: string, mebibytes: number, announced: boolean): Promise<{ status: number; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let over = false
    const outgoing = request(`${k.sandbox.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bot ${k.sandbox.token}`,
        'user-agent': 'test',
        ...(announced
          ? { 'content-length': String(mebibytes * CHUNK.byteLength) }
          : { 'transfer-encoding': 'chunked' }),
      },
    })
    outgoing.on('response', (response) => {
      over = true
      response.resume()
      resolve({ status: response.statusCode ?? 0, sent })
      response.on('close', () => outgoing.destroy())
    })
    outgoing.on('error', (error) => over || reject(error))
    const write = () => {
      while (!over && sent < mebibytes) {
        sent += 1
        if (!outgoing.write(CHUNK)) return void outgoing.once('drain', write)
      }
      if (!over) outgoing.end()
    }
    write()
  })
}

const DOORS = ['commands', 'autocomplete', 'components', 'modals', 'threads', 'faults', 'channels/general/messages']

test.each([...DOORS.map((door) => `/sandbox/${door}`), '/api/v10/users/@me/channels'])(
  '%s answers 413 and reads no further',
  async (path) => {
    expect(await pour(path, 700, true)).toMatchObject({ status: 413 })
    const { status, sent } = await pour(path, 700, false)
    expect(status).toBe(413)
    expect(sent).toBeLessThan(120)
  },
)

test('so does an address that takes no body at all', async () => {
  expect(await pour('/page/main.js', 700, true)).toMatchObject({ status: 413 })
  expect(await pour('/nowhere', 700, true)).toMatchObject({ status: 413 })
})

test('many at once are held in no more memory than one has room for, and others are served meanwhile', async () => {
  const before = process.memoryUsage().rss
  const pouring = Promise.all(Array.from({ length: 30 }, () => pour('/sandbox/commands', 300, false)))
  expect((await k.door('GET', '/sandbox')).status).toBe(200)
  for (const { status } of await pouring) expect([413, 503]).toContain(status)
  expect(process.memoryUsage().rss - before).toBeLessThan(900 * 1024 * 1024)
  expect((await k.api('GET', '/users/@me')).status).toBe(200)
}, 60_000)

test('files of the size that a request of the API may have still go through a door', async () => {
  const base64 = Buffer.alloc(9 * 1024 * 1024).toString('base64')
  const attachments = [1, 2].map((n) => ({ name: `${n}.bin`, base64 }))
  const sent = await k.door('POST', '/sandbox/channels/general/messages', { content: 'two files', attachments })
  expect([sent.status, sent.body.attachments.length]).toEqual([200, 2])
})
