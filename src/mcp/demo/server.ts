import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { paint, repaint, type Wish } from './painting.ts'
import { pictureOf } from './picture.ts'
import { Tasks } from './tasks.ts'

// A media server that needs no account: an MCP server over stdio that paints abstract pictures from words.
// mcp.config.json names it "demo"; the presets `demo` and `demo_task` use it.

const prompt = z.string().min(1).max(8000).describe('What to paint: places, things, light, colours by name')
const side = (otherwise: number) => z.number().int().min(64).max(1536).default(otherwise).describe('Pixels')
const size = {
  width: side(768),
  height: side(512),
  seed: z.number().int().min(-1e9).max(1e9).default(0).describe('Another picture of the same words'),
}

const tasks = new Tasks()
const server = new McpServer({ name: 'backrooms-demo', version: '1' })

server.registerTool(
  'paint',
  {
    title: 'Paint',
    description: 'Paints an abstract picture of a prompt. The same words give the same picture.',
    inputSchema: { prompt, ...size },
  },
  async (wish, extra) => {
    await progress(extra, 1, 'mixing colours')
    const png = paint(wish)
    await progress(extra, 2, 'painted')
    return picture(png, wish)
  },
)

server.registerTool(
  'repaint',
  {
    title: 'Repaint',
    description: 'Paints what a prompt says into a picture, which stays recognisable.',
    inputSchema: {
      prompt,
      image: z.string().min(1).describe('The picture: an http(s) address, a data URI or base64'),
      ...size,
    },
  },
  async ({ image, ...wish }, extra) => {
    try {
      const before = await pictureOf(image, extra.signal)
      await progress(extra, 1, 'mixing colours')
      const png = repaint(wish, before)
      await progress(extra, 2, 'painted')
      return picture(png, wish)
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error))
    }
  },
)

server.registerTool(
  'paint_task',
  {
    title: 'Order a painting',
    description: 'Begins a painting and returns its task_id at once; paint_status has the picture when it is done.',
    inputSchema: { prompt, ...size },
  },
  async (wish) => {
    const task = { task_id: tasks.begin(() => paint(wish)), status: 'working' }
    return { content: [{ type: 'text', text: JSON.stringify(task) }], structuredContent: task }
  },
)

server.registerTool(
  'paint_status',
  {
    title: 'Ask for a painting',
    description: 'The picture of a paint_task, or that it is still being painted.',
    inputSchema: { task_id: z.string().optional(), taskId: z.string().optional() },
  },
  async ({ task_id, taskId }) => {
    const id = task_id ?? taskId
    const task = id === undefined ? undefined : tasks.get(id)
    if (!task) return failed(id === undefined ? 'task_id is missing.' : `There is no task ${id.slice(0, 60)}.`)
    if (!task.done) return { content: [{ type: 'text', text: JSON.stringify({ task_id: id, status: 'working' }) }] }
    if ('error' in task) return failed(task.error)
    return {
      content: [
        { type: 'text', text: JSON.stringify({ task_id: id, status: 'done' }) },
        { type: 'image', data: task.png.toString('base64'), mimeType: 'image/png' },
      ],
    }
  },
)

// A picture comes in as one message; the default of 10 MB would be too little for a large one.
await server.connect(new StdioServerTransport(undefined, undefined, { maxBufferSize: 40 * 1024 * 1024 }))

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

async function progress({ _meta, sendNotification }: Extra, done: number, message: string): Promise<void> {
  if (_meta?.progressToken === undefined) return
  const params = { progressToken: _meta.progressToken, progress: done, total: 2, message }
  await sendNotification({ method: 'notifications/progress', params })
}

function picture(png: Buffer, { prompt }: Wish): CallToolResult {
  return {
    content: [
      { type: 'image', data: png.toString('base64'), mimeType: 'image/png' },
      { type: 'text', text: `Painted: ${prompt.slice(0, 200)}` },
    ],
  }
}

const failed = (text: string): CallToolResult => ({ isError: true, content: [{ type: 'text', text }] })
