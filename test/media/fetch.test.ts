import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchMedia, isPrivate } from '../../src/observers/media/fetch.ts'
import { kindOf } from '../../src/observers/media/kinds.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
let server: Server
let base: string
let respond: RequestListener

beforeAll(async () => {
  server = createServer((request, response) => respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const never = new AbortController().signal
const limits = { size: 1000, time: 5000, allow: ['127.0.0.1'] }

describe('media is fetched', () => {
  test('from allowed hosts, through redirects', async () => {
    respond = ({ url }, response) =>
      url === '/a' ? response.writeHead(302, { location: '/b.png' }).end() : response.end(PNG)
    expect(await fetchMedia(`${base}/a`, limits, never)).toEqual(PNG)
  })

  test('never from private addresses, by number, by name, or by redirect', async () => {
    respond = (_, response) => void response.end(PNG)
    const strict = { ...limits, allow: [] }
    await expect(fetchMedia(`${base}/a.png`, strict, never)).rejects.toThrow('private address')
    await expect(fetchMedia(base.replace('127.0.0.1', 'localhost'), strict, never)).rejects.toThrow('private address')
    await expect(fetchMedia(base.replace('127.0.0.1', '[::ffff:127.0.0.1]'), strict, never)).rejects.toThrow('private')
    respond = (_, response) => void response.writeHead(302, { location: base.replace('127.0.0.1', '[::1]') }).end()
    await expect(fetchMedia(`${base}/a.png`, limits, never)).rejects.toThrow('private address')
  })

  test('by http and https alone', async () => {
    for (const address of ['file:///etc/passwd', 'ftp://example.com/a.png', 'javascript:1', 'nonsense'])
      await expect(fetchMedia(address, limits, never)).rejects.toThrow('Only http and https')
    respond = (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    await expect(fetchMedia(base, limits, never)).rejects.toThrow('Only http and https')
  })

  test('up to a size, a time and a number of redirects', async () => {
    respond = (_, response) => void response.end(Buffer.alloc(2000))
    await expect(fetchMedia(base, limits, never)).rejects.toThrow('larger than')
    respond = (_, response) => void response.writeHead(200).flushHeaders()
    await expect(fetchMedia(base, { ...limits, time: 100 }, never)).rejects.toThrow(
      /fetched: it took longer than 0\.1 s\.$/,
    )
    // One that comes a little at a time.
    respond = (_, response) => {
      const trickle = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(trickle))
    }
    await expect(fetchMedia(base, { ...limits, time: 100 }, never)).rejects.toThrow(
      /fetched: it took longer than 0\.1 s\.$/,
    )
    respond = (_, response) => void response.writeHead(302, { location: '/again' }).end()
    await expect(fetchMedia(base, limits, never)).rejects.toThrow('redirects more than')
  })

  test('only with success', async () => {
    respond = (_, response) => void response.writeHead(404).end('no')
    await expect(fetchMedia(`${base}/x?key=secret`, limits, never)).rejects.toThrow(/^(?!.*secret).*answered 404/)
  })
})

test.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['0.0.0.0', true],
  ['::1', true],
  ['fe80::1', true],
  ['fd00::1', true],
  ['::ffff:10.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['64:ff9b::a00:1', true],
  ['8.8.8.8', false],
  ['2606:4700::1111', false],
])('%s is private: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected)
})

test('a file is what its first bytes say', () => {
  expect(kindOf(PNG)).toEqual({ ending: 'png', content_type: 'image/png' })
  expect(kindOf(Buffer.from('RIFF\0\0\0\0WEBPVP8 '))?.ending).toBe('webp')
  expect(kindOf(Buffer.from('\0\0\0\x18ftypmp42'))?.content_type).toBe('video/mp4')
  expect(kindOf(Buffer.from('<!doctype html><html>'))).toBeNull()
})
