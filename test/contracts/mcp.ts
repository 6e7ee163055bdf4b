import { beforeAll, describe, expect, test } from 'vitest'
import type { Mcp } from '../../src/core/mcp.ts'
import { failure, keepForAll } from '../mcp/kit.ts'

/** What every transport must do, with server-everything, which is not ours, at the other end as the server `ev`. */
export function mcpContract(transport: string, connect: () => Promise<Mcp> | Mcp): void {
  describe(transport, () => {
    let mcp: Mcp
    beforeAll(async () => {
      mcp = await connect()
      keepForAll()
    })

    test('lists tools with their schemas', async () => {
      const tools = await mcp.tools('ev')
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum', 'get-tiny-image']))
      expect(tools.find(({ name }) => name === 'get-sum')?.inputSchema).toMatchObject({ required: ['a', 'b'] })
    })

    test('calls tools, many at a time', async () => {
      const sums = await Promise.all([1, 2, 3, 4].map((a) => mcp.call('ev', 'get-sum', { a, b: 10 })))
      expect(sums.map(({ content }) => content)).toEqual(
        [11, 12, 13, 14].map((sum, i) => [{ type: 'text', text: `The sum of ${i + 1} and 10 is ${sum}.` }]),
      )
    })

    test('hands on pictures, structured content and resources', async () => {
      const picture = await mcp.call('ev', 'get-tiny-image', {})
      expect(picture.content).toContainEqual(expect.objectContaining({ type: 'image', mimeType: 'image/png' }))
      const weather = await mcp.call('ev', 'get-structured-content', { location: 'Chicago' })
      expect(weather.structured).toMatchObject({ conditions: expect.any(String) })
      const links = await mcp.call('ev', 'get-resource-links', { count: 2 })
      expect(links.content.filter(({ type }) => type === 'resource_link')).toHaveLength(2)
    })

    test('tells of progress, which lengthens the time limit', async () => {
      const seen: number[] = []
      const args = { duration: 1.5, steps: 3 }
      const options = { timeoutMs: 1000, onProgress: ({ progress }: { progress: number }) => void seen.push(progress) }
      const answer = await mcp.call('ev', 'trigger-long-running-operation', args, options)
      expect(answer.isError).toBe(false)
      // The last may come together with the answer, and is then no news.
      expect(seen.slice(0, 2)).toEqual([1, 2])
    })

    test('ends a call at its time limit, and when it is aborted', async () => {
      await mcp.tools('ev')
      const long = (options: object) =>
        failure(mcp.call('ev', 'trigger-long-running-operation', { duration: 20, steps: 1 }, options))
      expect((await long({ timeoutMs: 200 })).failure).toBe('timeout')
      expect((await long({ signal: AbortSignal.timeout(200) })).failure).toBe('aborted')
      expect((await mcp.call('ev', 'echo', { message: 'still here' })).isError).toBe(false)
    })

    test('refuses bad arguments before anything is sent', async () => {
      expect(await failure(mcp.call('ev', 'echo', { message: 7 }))).toEqual({
        failure: 'bad_arguments',
        message: 'The arguments do not fit ev/echo: message must be string.',
      })
    })
  })
}
