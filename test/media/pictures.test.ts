import { describe, expect, test } from 'vitest'
import type { ContentBlock, ToolAnswer } from '../../src/core/mcp.ts'
import { findFailure, findLocalPath, findPictures, findStatus, findTaskId } from '../../src/observers/media/pictures.ts'

const answer = (...content: ContentBlock[]): ToolAnswer => ({ content, structured: null, isError: false })
const text = (value: unknown): ContentBlock => ({
  type: 'text',
  text: typeof value === 'string' ? value : JSON.stringify(value),
})
const url = (address: string) => ({ kind: 'url', url: address })

describe('pictures are found', () => {
  test('as MCP image, audio, resource and link content, before anything in text', () => {
    const blob: ContentBlock = { type: 'resource', resource: { uri: 'x:1', mimeType: 'image/png', blob: 'QUJD' } }
    const found = findPictures(
      answer(
        text({ image_url: 'https://example.com/ignored.png' }),
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        blob,
        { type: 'resource_link', uri: 'https://example.com/linked.webp', name: 'x' },
      ),
    )
    expect(found).toEqual([
      { kind: 'bytes', base64: 'AAAA', content_type: 'image/png' },
      { kind: 'bytes', base64: 'QUJD', content_type: 'image/png' },
      url('https://example.com/linked.webp'),
    ])
  })

  test('as an embedded resource that names an address in place of bytes, whatever its text says', () => {
    const uri = 'http://127.0.0.1:9/view?id=p1'
    const resource = (more: object): ContentBlock => ({ type: 'resource', resource: { uri, text: '', ...more } })
    expect(findPictures(answer(resource({ mimeType: 'image/png' })))).toEqual([url(uri)])
    expect(findPictures(answer(resource({ mimeType: 'image/png', text: 'A door.' })))).toEqual([url(uri)])
    expect(findPictures(answer(resource({})))).toEqual([url(uri)])
    expect(findPictures(answer(resource({ mimeType: 'text/html', text: '<p>' })))).toEqual([])
    expect(findPictures(answer(resource({ text: 'words' })))).toEqual([])
  })

  test('never on the server’s own disk, which is told', () => {
    for (const path of ['/tmp/x.png', 'file:///tmp/x.png', 'C:\\out\\x.png', './out/x.png']) {
      expect(findPictures(answer(text({ path })))).toEqual([])
      expect(findLocalPath(answer(text({ data: { path } })))).toBe(path)
    }
    expect(findLocalPath(answer(text({ path: 'https://example.com/x.png' })))).toBeNull()
  })

  const a = 'https://example.com/a'
  const b = 'https://example.com/b'
  test.each([
    ['image_url', { image_url: a }],
    ['image_urls', { image_urls: [a] }],
    ['imageUrl', { imageUrl: a }],
    ['imageUrls', { imageUrls: [a] }],
    ['url', { url: a }],
    ['urls', { urls: [a] }],
    ['uri', { uri: a }],
    ['result_url', { result_url: a }],
    ['resultUrls', { resultUrls: [a] }],
    ['output_url', { output_url: a }],
    ['outputUrls', { outputUrls: [a] }],
    ['images of strings', { images: [a] }],
    ['images of objects', { images: [{ url: a, width: 3 }] }],
    ['path', { path: a }],
    ['response.data', { response: { data: { imageUrl: a } } }],
    ['api_response.data', { api_response: { data: { resultUrl: a } } }],
    ['local_task', { local_task: { result_url: a } }],
    ['data.rows', { data: { rows: [{ image_url: a }] } }],
    ['JSON inside JSON', { data: { resultJson: JSON.stringify({ resultUrls: [a] }) } }],
    ['JSON text of a list', { images: JSON.stringify([a]) }],
  ])('under %s', (_, value) => {
    expect(findPictures(answer(text(value)))).toEqual([url(a)])
    expect(findPictures({ content: [], structured: value, isError: false })).toEqual([url(a)])
  })

  test('by the order of the keys, newest last', () => {
    expect(findPictures(answer(text({ url: b, image_url: a })))).toEqual([url(a)])
    expect(findPictures(answer(text({ urls: [a, b, a] })))).toEqual([url(a), url(b)])
  })

  test('as an address with a media ending in text, and as a data URI', () => {
    expect(findPictures(answer(text(`Done: ${a}.png?sig=1 and ${b}.mp4, see ${a}`)))).toEqual([
      url(`${a}.png?sig=1`),
      url(`${b}.mp4`),
    ])
    expect(findPictures(answer(text({ image_url: 'data:image/png;base64,QUJD' })))).toEqual([
      { kind: 'bytes', content_type: 'image/png', base64: 'QUJD' },
    ])
  })

  test('never as a path of a disk, nor where there is none', () => {
    expect(findPictures(answer(text({ path: '/etc/passwd', url: 'file:///etc/passwd' })))).toEqual([])
    expect(findPictures(answer(text('I could not paint that.')))).toEqual([])
  })
})

test.each([
  [{ state: 'fail', failMsg: 'The prompt was flagged.', failCode: '422' }, 'The prompt was flagged (422)'],
  [{ code: 200, msg: 'success', data: { state: 'fail', failMsg: 'no credits', failCode: 402 } }, 'no credits (402)'],
  [{ status: 'failed', error: { code: 'oom', message: 'out of memory.' } }, 'out of memory'],
  [{ status: 'error', error: 'the node is missing' }, 'the node is missing'],
  [
    { code: 200, msg: 'success', data: { status: 'failed', message: 'the queue was cleared' } },
    'the queue was cleared',
  ],
  [{ data: { state: 'fail', failMsg: '', failCode: '500' } }, 'code 500'],
  [{ code: 200, msg: 'success', data: { state: 'fail' } }, null],
])('why a task failed is found in %j', (value, why) => {
  expect(
    findFailure({ content: [{ type: 'text', text: JSON.stringify(value) }], structured: null, isError: false }),
  ).toBe(why)
})

test('a task is known by either spelling, wherever it stands, and says how it is', () => {
  expect(findTaskId(answer(text({ taskId: 'abc' })))).toBe('abc')
  expect(findTaskId(answer(text({ api_response: { data: { task_id: 17 } } })))).toBe('17')
  expect(findTaskId(answer(text('nothing')))).toBeNull()
  expect(findStatus(answer(text({ data: { state: 'SUCCESS' } })))).toBe('success')
})
