import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { Resvg } from '@resvg/resvg-js'
import { expect, test } from 'vitest'
import { paint, repaint } from '../../src/mcp/demo/painting.ts'
import { mcpWith, ROOT } from './kit.ts'

const wish = (prompt: string, more: object = {}) => ({ prompt, width: 192, height: 128, seed: 0, ...more })
const uri = (png: Buffer) => `data:image/png;base64,${png.toString('base64')}`
const hash = (png: Buffer) => createHash('sha256').update(png).digest('hex')

/** RGBA, four bytes a pixel. */
function pixels(png: Buffer): Uint8Array {
  const size = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><image href="${uri(png)}" width="${size.width}" height="${size.height}"/></svg>`
  return new Uint8Array(new Resvg(svg).render().pixels)
}

/** The share of pixels whose colours are further apart than an eye overlooks. */
function changed(a: Buffer, b: Buffer): number {
  const [x, y] = [pixels(a), pixels(b)]
  let far = 0
  for (let i = 0; i < x.length; i += 4) {
    const distance = [0, 1, 2].reduce((sum, k) => sum + Math.abs((x[i + k] ?? 0) - (y[i + k] ?? 0)), 0)
    if (distance > 60) far++
  }
  return far / (x.length / 4)
}

const PROMPTS = [
  'a night sky with a silver moon over blue hills',
  'a grey sea at dawn with a small red boat',
  'a yellow corridor, humming light, one open door',
  'static on a television, cyan and magenta',
  'a green forest in mist and a stranger',
  'a red desert under an orange sun',
  'a city of towers at night',
  'a dream of wind, violet and rose',
  'silence, an empty field of red and ochre',
  'the eye of a clock, gold and indigo',
  'a broken mirror, turquoise and bone',
  'two voices about nothing in particular',
]

test('the same words give the same picture, other words and seeds another', () => {
  const pictures = PROMPTS.map((prompt) => hash(paint(wish(prompt))))
  expect(new Set(pictures).size).toBe(PROMPTS.length)
  expect(PROMPTS.map((prompt) => hash(paint(wish(prompt))))).toEqual(pictures)
  expect(hash(paint(wish(PROMPTS[0] as string, { seed: 1 })))).not.toBe(pictures[0])
})

test('every kind of picture has many colours and is not dull', () => {
  for (const prompt of PROMPTS) {
    const rgba = pixels(paint(wish(prompt)))
    const tones = new Set<number>()
    for (let i = 0; i < rgba.length; i += 4)
      tones.add((((rgba[i] ?? 0) >> 4) << 8) | (((rgba[i + 1] ?? 0) >> 4) << 4) | ((rgba[i + 2] ?? 0) >> 4))
    expect(tones.size, prompt).toBeGreaterThan(40)
  }
})

test('colours that the prompt names are in the picture', () => {
  const mean = (png: Buffer) => {
    const rgba = pixels(png)
    const sums = [0, 0, 0]
    for (let i = 0; i < rgba.length; i++) if (i % 4 < 3) sums[i % 4] = (sums[i % 4] ?? 0) + (rgba[i] ?? 0)
    return sums as [number, number, number]
  }
  const [redR, , redB] = mean(paint(wish('a crimson and scarlet sea')))
  const [blueR, , blueB] = mean(paint(wish('a cobalt and azure sea')))
  expect(redR).toBeGreaterThan(redB * 1.2)
  expect(blueB).toBeGreaterThan(blueR * 1.2)
})

test.each(['water rises', 'a door opens, gold', 'static, cyan', 'stars', 'a red thread', 'fire'])(
  'repainting with "%s" changes a part of the picture and leaves the rest recognisable',
  (prompt) => {
    const before = paint(wish('a dark corridor, ochre walls'))
    const share = changed(before, repaint(wish(prompt), uri(before)))
    expect(share).toBeGreaterThan(0.03)
    expect(share).toBeLessThan(0.75)
  },
)

const demo = (env: object = {}) =>
  mcpWith({ mcpServers: { demo: { command: 'node', args: ['src/mcp/demo/server.ts'], env } } })
const small = { width: 96, height: 64 }

test('the demo server of the project’s own mcp.config.json paints and tells of its progress', async () => {
  const mcp = mcpWith({}, { configFile: `${ROOT}/mcp.config.json` })
  const seen: (string | undefined)[] = []
  const answer = await mcp.call(
    'demo',
    'paint',
    { prompt: 'a teal door' },
    { onProgress: (p) => void seen.push(p.message) },
  )
  const [picture] = answer.content
  if (picture?.type !== 'image') throw new Error('no picture')
  const png = Buffer.from(picture.data, 'base64')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([768, 512])
  expect(seen[0]).toBe('mixing colours')
})

test('repaint takes base64 and data URIs, and addresses unless they are private', async () => {
  const png = paint(wish('a lamp', small))
  const web = createServer((_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(png))
  await new Promise<void>((listening) => void web.listen(0, '127.0.0.1', () => listening()))
  const address = `http://127.0.0.1:${(web.address() as { port: number }).port}/a.png`
  const [closed, open] = [demo(), demo({ MEDIA_ALLOW_HOSTS: '127.0.0.1' })]
  const repainted = async (mcp: typeof open, image: string) => {
    const { isError, content } = await mcp.call('demo', 'repaint', { prompt: 'rain', image, ...small })
    return isError ? content[0] : content[0]?.type
  }
  expect(await repainted(open, png.toString('base64'))).toBe('image')
  expect(await repainted(open, uri(png))).toBe('image')
  expect(await repainted(open, address)).toBe('image')
  expect(await repainted(closed, address)).toMatchObject({ text: expect.stringContaining('is a private address') })
  expect(await repainted(open, 'data:text/html;base64,PGh0bWw+')).toMatchObject({
    text: expect.stringContaining('image is no PNG'),
  })
  web.close()
  web.closeAllConnections()
})

test('a painting can be ordered and asked for, by either name of its id', async () => {
  const mcp = demo()
  const order = await mcp.call('demo', 'paint_task', { prompt: 'a slow sea', ...small })
  const id = order.structured?.task_id as string
  const ask = async (args: object) => (await mcp.call('demo', 'paint_status', { ...args })).content
  expect(JSON.stringify(await ask({ task_id: id }))).toContain('working')
  await expect.poll(async () => (await ask({ taskId: id }))[1]?.type, { timeout: 10_000 }).toBe('image')
  expect(await mcp.call('demo', 'paint_status', { task_id: 'none' })).toMatchObject({ isError: true })
})
