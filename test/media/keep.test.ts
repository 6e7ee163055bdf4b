import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, onTestFinished, test } from 'vitest'
import { keep, uploadLimit } from '../../src/observers/media/keep.ts'

test('a file may have what Discord takes at the server’s boost tier', () => {
  expect([0, 1, 2, 3, 9].map((tier) => uploadLimit(tier) / 1024 / 1024)).toEqual([10, 10, 50, 100, 10])
})

test('what is larger than the limit becomes its link, and no more of it is fetched than the limit', async () => {
  const MB = 1024 * 1024
  const ended: Promise<number>[] = []
  const server = createServer((_, response) => {
    let chunks = 0
    function* film() {
      yield Buffer.from('....ftypisom', 'latin1')
      for (; chunks < 64; chunks++) yield Buffer.alloc(MB)
    }
    ended.push(
      pipeline(Readable.from(film()), response).then(
        () => chunks,
        () => chunks,
      ),
    )
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((done) => server.once('listening', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4`
  const parts = { dataDir: mkdtempSync(join(tmpdir(), 'backrooms-keep-')), allow: ['127.0.0.1'] }
  const where = { runId: 'r', round: 0, alt: 'a film' }
  const never = new AbortController().signal

  const small = await keep({ kind: 'url', url }, { ...where, limit: MB }, parts, never)
  expect(small).toEqual({ link: url, why: `${url} is larger than 1 MB.` })
  expect(await ended[0]).toBeLessThan(32)
  const large = await keep({ kind: 'url', url }, { ...where, limit: 100 * MB }, parts, never)
  expect(large).toMatchObject({ file: { content_type: 'video/mp4' } })
})
