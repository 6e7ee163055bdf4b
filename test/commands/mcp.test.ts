import { afterAll, beforeAll, expect, test } from 'vitest'
import { everything, keepForAll, mcpWith, misbehaving } from '../mcp/kit.ts'
import { type Kit, startKit } from './kit.ts'

let kit: Kit
beforeAll(async () => {
  const { file } = mcpWith({
    mcpServers: {
      demo: { command: 'node', args: ['src/mcp/demo/server.ts'] },
      ev: everything,
      broken: misbehaving('exit'),
      failing: misbehaving('failing'),
    },
  })
  kit = await startKit({ mcpConfig: file })
  keepForAll()
})
afterAll(async () => {
  expect(kit.errors).toEqual([])
  expect(await kit.get('/sandbox/violations')).toEqual([])
  await kit.close()
})

const said = async (text: string, user = 'ada') => (await kit.type(text, { user })).response?.content ?? ''

test('only those who may manage the server see servers, see tools and call them', async () => {
  for (const text of ['/mcp servers', '/mcp tools demo', '/mcp call ev echo {"message": "x"}'])
    expect(await said(text, 'ben')).toMatch(/^Only those who may manage the server can /)
  expect(await kit.complete('/mcp tools d', { user: 'ben' })).toEqual([])
})

test('/mcp servers says how each server is', async () => {
  await said('/mcp tools broken')
  const list = await said('/mcp servers')
  expect(list).toContain('**demo** (stdio)')
  expect(list).toMatch(/🔴 \*\*broken\*\* \(stdio\) · waiting\n-# .*did not start.*code 3/)
})

test('/mcp tools lists what a server can do, with its arguments', async () => {
  expect(await said('/mcp tools demo')).toContain(
    '**paint** (prompt, width?, height?, seed?): Paints an abstract picture of a prompt.',
  )
  expect(await said('/mcp tools nowhere')).toContain('There is no MCP server "nowhere"')
})

test('/mcp call shows text where it can neither mention nor format', async () => {
  const { response } = await kit.type('/mcp call ev echo {"message": "@everyone **hi** ``` <@1>"}')
  expect(response?.content).toMatch(/^`ev\/echo`, \d+\.\d s:\n```\nEcho: @everyone \*\*hi\*\* `\u200b`` <@1>\n```$/)
  expect(response?.flags).toBe(64)
})

test('/mcp call shows pictures as pictures, data as data, and long text as a file', async () => {
  const picture = await kit.type('/mcp call demo paint {"prompt": "a teal door", "width": 96, "height": 64}')
  expect(picture.response?.attachments).toMatchObject([{ filename: 'picture-1.png' }])
  const data = await said('/mcp call ev get-structured-content {"location": "Chicago"}')
  expect(data).toMatch(/```json\n\{\n {2}"temperature": /)
  expect(data.match(/temperature/g)).toHaveLength(1)
  const long = await kit.type(`/mcp call ev echo {"message": "${'long '.repeat(500)}"}`)
  expect(long.response?.content.length).toBeLessThanOrEqual(2000)
  expect(long.response?.attachments).toMatchObject([{ filename: 'result.txt' }])
})

test('/mcp call says what is wrong with the call, and what the tool says is wrong', async () => {
  expect(await said('/mcp call ev echo {"message": }')).toBe(
    'json is broken at character 13: a value was expected, not "}". It should be like {"prompt": "a door"}.',
  )
  expect(await said('/mcp call ev echo [1]')).toContain('json must be an object')
  expect(await said('/mcp call ev echo')).toBe('The arguments do not fit ev/echo: message is missing.')
  expect(await said('/mcp call demo pant {}')).toContain('Did you mean paint?')
  expect(await said('/mcp call failing do {}')).toBe('⚠️ `failing/do` says that it failed:\n```\nthe kiln is cold\n```')
})

test('/mcp call tells of an argument that the tool does not describe, and of the nearest', async () => {
  expect(await said('/mcp call ev echo {"message": "x", "mesage": "y"}')).toMatch(
    /^-# ⚠️ "mesage" is no argument that the tool describes\. Nearest: message\.\n`ev\/echo`, /,
  )
  expect(await said('/mcp call ev echo {"message": "x"}')).not.toContain('no argument')
})

test('servers, tools and arguments are completed', async () => {
  expect((await kit.complete('/mcp call server:dem')).map(({ value }) => value)).toEqual(['demo'])
  await said('/mcp tools demo')
  const tools = await kit.complete('/mcp call server:demo tool:paint')
  expect(tools.map(({ value }) => value)).toEqual(['paint', 'paint_task', 'paint_status', 'repaint'])
  const json = await kit.complete('/mcp call server:demo tool:paint json:')
  expect(json.map(({ value }) => JSON.parse(value))).toEqual([
    { prompt: '' },
    { prompt: '', width: 768, height: 512, seed: 0 },
  ])
})
