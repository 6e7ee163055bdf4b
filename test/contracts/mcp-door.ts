import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepForAll } from '../mcp/kit.ts'

/** What the tests use of a client, whoever wrote it. */
export interface DoorClient {
  listTools(): Promise<{ tools: { name: string; description?: string; inputSchema: { properties?: object } }[] }>
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<object>
  listResources(): Promise<{ resources: { uri: string }[] }>
  readResource(which: { uri: string }): Promise<{ contents: object[] }>
}

interface Answer {
  isError?: boolean
  content: { text: string }[]
  structuredContent?: Record<string, unknown>
}

export async function call(client: DoorClient, name: string, args: object = {}) {
  const {
    isError = false,
    content,
    structuredContent,
  } = (await client.callTool({ name, arguments: { ...args } })) as unknown as Answer
  return { isError, text: content[0]?.text ?? '', data: structuredContent ?? {} }
}

type Said = { turn_index: number; name: string; text: string; by: string }[]

/** What every door of ours must let a client do, whoever the client is. */
export function servesContract(
  transport: string,
  open: () => Promise<{ client: DoorClient; close(): Promise<void> }>,
): void {
  describe(transport, () => {
    let client: DoorClient
    let close: () => Promise<void>
    beforeAll(async () => {
      ;({ client, close } = await open())
      keepForAll()
    })
    afterAll(() => close())

    test('says what it can do', async () => {
      const { tools } = await client.listTools()
      const wanted = ['start_run', 'list_runs', 'read_run', 'say', 'stop_run', 'search_runs']
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(wanted))
      const start = tools.find(({ name }) => name === 'start_run')?.inputSchema.properties as Record<string, object>
      expect(start.template).toMatchObject({ description: expect.stringMatching(/: .*\broleplay\b/) })
      expect(start.accept_cost).toMatchObject({ type: 'number' })
      expect(tools.every(({ description }) => (description ?? '').length > 10)).toBe(true)
      expect(tools.map(({ inputSchema }) => inputSchema)).toEqual(
        tools.map(() => expect.objectContaining({ additionalProperties: false })),
      )
    })

    test('a run is started, followed, spoken in, found, read and stopped', async () => {
      const started = await call(client, 'start_run', {
        template: 'roleplay',
        lm1: 'opus',
        lm2: 'sonnet',
        max_turns: 50,
      })
      expect(started).toMatchObject({ isError: false, data: { status: 'going', template: 'roleplay' } })
      const run_id = started.data.run_id as string

      const first = await call(client, 'read_run', { run_id, wait_seconds: 20, limit: 1 })
      expect((first.data.said as Said)[0]).toMatchObject({ turn_index: 0, by: 'actor' })
      const said = await call(client, 'say', { run_id, text: 'A velvet giraffe walks in.', name: 'Ada' })
      const at = said.data.turn_index as number
      const page = await call(client, 'read_run', { run_id, from: at, limit: 1 })
      expect(page.data.said).toMatchObject([
        { turn_index: at, name: 'Ada', text: 'A velvet giraffe walks in.', by: 'person' },
      ])
      const after = await call(client, 'read_run', { run_id, from: at + 1, wait_seconds: 20, limit: 1 })
      expect((after.data.said as Said)[0]).toMatchObject({ turn_index: at + 1, by: 'actor' })

      const found = await call(client, 'search_runs', { query: 'GIRAFFE velvét' })
      expect(found.data.hits).toMatchObject([{ run_id, turn_index: at, name: 'Ada' }])
      expect((await call(client, 'search_runs', { query: 'nowhere to be found' })).data).toEqual({ runs: 0, hits: [] })

      expect(await call(client, 'stop_run', { run_id })).toMatchObject({
        data: { status: 'ended', end_reason: 'stopped' },
      })
      const ended = await call(client, 'list_runs', { status: 'ended' })
      expect(ended.data.runs).toMatchObject([{ run_id, end_reason: 'stopped' }])

      const { resources } = await client.listResources()
      const uri = `run://${run_id}/transcript`
      expect(resources.map((resource) => resource.uri)).toContain(uri)
      const { contents } = await client.readResource({ uri })
      expect(contents[0]).toMatchObject({
        mimeType: 'text/markdown',
        text: expect.stringContaining('A velvet giraffe walks in.'),
      })
    })

    test('what is wrong is said in one sentence, and nothing is started', async () => {
      const before = (await call(client, 'list_runs', { limit: 200 })).data.runs as unknown[]
      const wrong = async (name: string, args: object) => {
        const { isError, text } = await call(client, name, args)
        expect(isError).toBe(true)
        return text
      }
      expect(await wrong('start_run', { template: 'roleplai', lm1: 'opus' })).toContain(
        'There is no template "roleplai"',
      )
      expect(await wrong('start_run', { template: 'roleplay', lm1: 'oppus' })).toContain('oppus')
      expect(await wrong('start_run', { template: 'roleplay', lm1: 'opus', max_turns: 'many' })).toContain('max_turns')
      // Else it would be a run without an end.
      expect(await wrong('start_run', { template: 'roleplay', lm1: 'opus', max_turn: 3 })).toContain(
        'There is no argument "max_turn". Nearest: max_turns',
      )
      expect(await wrong('list_runs', { bogus: 1 })).toContain('There is no argument "bogus". There is only: status')
      expect(await wrong('start_run', { template: '../secrets', lm1: 'opus' })).not.toContain('root')
      expect(await wrong('read_run', { run_id: 'none' })).toBe(
        'There is no run "none"; list_runs shows those there are.',
      )
      expect(await wrong('say', { run_id: 'none', text: 'x' })).toContain('There is no run "none"')
      expect(((await call(client, 'list_runs', { limit: 200 })).data.runs as unknown[]).length).toBe(before.length)
    })

    test('a run is read in pages that join without a gap, to its end', async () => {
      const started = await call(client, 'start_run', {
        template: 'roleplay',
        lm1: 'opus',
        lm2: 'sonnet',
        max_turns: 1,
      })
      const run_id = started.data.run_id as string
      const page = async (from: number) =>
        (await call(client, 'read_run', { run_id, from, limit: 1, wait_seconds: 20 })).data
      await page(1)
      expect(await page(0)).toMatchObject({ next: 1, said: [{ turn_index: 0 }] })
      expect(await page(1)).toMatchObject({ next: null, said: [{ turn_index: 1 }] })
      expect(await page(2)).toMatchObject({ status: 'ended', end_reason: 'max_turns', next: null, said: [] })
    })
  })
}
