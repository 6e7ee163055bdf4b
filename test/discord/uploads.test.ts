import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { makeRest } from '../../src/discord/client.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

test('a request with files may take longer than REST waits for others, until it is broken off', async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => setTimeout(() => response.end('{}'), 100))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((done) => server.once('listening', done))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  const breakOff = new AbortController()
  const rest = makeRest({ token: 'x', apiUrl, log }, breakOff.signal)
  rest.options.timeout = 20
  const file = { name: 'film.mp4', data: Buffer.alloc(2 * 1024 * 1024) }
  const upload = () => rest.post('/webhooks/1/x', { auth: false, files: [file] })
  expect(await upload()).toBeDefined()
  await expect(rest.post('/webhooks/1/x', { auth: false, body: {} })).rejects.toThrow(/abort/i)
  const under = expect(upload()).rejects.toThrow(/abort/i)
  breakOff.abort()
  await under
})
