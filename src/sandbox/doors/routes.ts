/** The /sandbox doors: what a person, a test or another program does here. See `doors` in the README. */
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Upload } from '../core/attachments.ts'
import { useComponent } from '../core/clicking.ts'
import { LineError } from '../core/command-line.ts'
import { inWords, Refusal } from '../core/errors.ts'
import { WORLD_KINDS } from '../core/faults.ts'
import { submitModal } from '../core/modals.ts'
import {
  beginTyping,
  channelNamed,
  personNamed,
  reactAs,
  rephrase,
  say,
  startThread,
  takeBack,
} from '../core/person.ts'
import type { Interaction } from '../core/shapes.ts'
import { askChoices, typeCommand } from '../core/typing.ts'
import { viewMessage } from '../core/views.ts'
import type { World } from '../core/world.ts'
import { strikeWorld } from '../core/world-faults.ts'
import { readBytes } from '../rest/body.ts'
import { choicesOf, NoAnswer, outcomeOf } from './deeds.ts'
import {
  autocompleteShape,
  commandShape,
  componentShape,
  editShape,
  faultsShape,
  filesShape,
  modalShape,
  speechShape,
  threadShape,
  typingShape,
} from './shapes.ts'

type DoorContext = Context<{ Bindings: HttpBindings }>

export function doorRoutes(world: World): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.onError((error, c) => {
    if (error instanceof LineError) return refusal(c, 400, error.message)
    if (error instanceof NoAnswer) return refusal(c, 504, error.message)
    if (error instanceof Refusal)
      return refusal(c, error.status === 413 || error.status === 503 ? error.status : 400, inWords(error))
    throw error
  })

  app.get('/sandbox', (c) =>
    c.json({
      token: world.application.token,
      application_id: world.application.id,
      guild_id: world.guild.id,
      channels: Object.fromEntries(world.guildChannels().map((channel) => [channel.name, channel.id])),
    }),
  )

  app.post('/sandbox/commands', async (c) => {
    const wish = await read(c, world, commandShape)
    const user = personNamed(world, wish.user)
    const channel = channelNamed(world, wish.channel, user)
    return c.json(
      await outcomeOf(world, typeCommand(world, user, channel, wish.text, uploads(wish.attachments), wish.target)),
    )
  })

  app.post('/sandbox/autocomplete', async (c) => {
    const wish = await read(c, world, autocompleteShape)
    const user = personNamed(world, wish.user)
    const asked = askChoices(world, user, channelNamed(world, wish.channel, user), wish.text)
    return c.json(Array.isArray(asked) ? asked : await choicesOf(world, asked))
  })

  app.post('/sandbox/components', async (c) => {
    const wish = await read(c, world, componentShape)
    const started: Interaction = useComponent(
      world,
      personNamed(world, wish.user),
      wish.message_id,
      wish.custom_id,
      wish.values,
    )
    return c.json(await outcomeOf(world, started))
  })

  app.post('/sandbox/modals', async (c) => {
    const { user, custom_id, fields } = await read(c, world, modalShape)
    const filled: Record<string, unknown> = { ...fields }
    for (const [name, value] of Object.entries(fields)) {
      const files = filesShape.safeParse(value)
      if (files.success && files.data.length > 0) filled[name] = uploads(files.data)
    }
    return c.json(await outcomeOf(world, submitModal(world, personNamed(world, user), custom_id, filled)))
  })

  app.get('/sandbox/channels', (c) => c.json([...world.guildChannels(), ...world.threads()]))

  app.get('/sandbox/channels/:id/messages', (c) => {
    const name = c.req.query('user')
    const viewer = name ? personNamed(world, name) : undefined
    const channel = channelNamed(world, c.req.param('id'), viewer ?? world.bot)
    const messages = world.messagesOf(channel.id, { limit: Number.MAX_SAFE_INTEGER }, viewer?.id).reverse()
    return c.json(messages.map((message) => viewMessage(world, message)))
  })

  app.post('/sandbox/channels/:id/messages', async (c) => {
    const wish = await read(c, world, speechShape)
    const user = personNamed(world, wish.user)
    const message = say(
      world,
      user,
      channelNamed(world, c.req.param('id'), user),
      wish.content,
      uploads(wish.attachments),
      wish.reply_to,
    )
    return c.json(viewMessage(world, message))
  })

  const one = '/sandbox/channels/:id/messages/:message_id'

  app.patch(one, async (c) => {
    const { user: name, content } = await read(c, world, editShape)
    const user = personNamed(world, name)
    const channel = channelNamed(world, c.req.param('id'), user)
    return c.json(viewMessage(world, rephrase(world, user, channel, c.req.param('message_id'), content)))
  })

  app.delete(one, (c) => {
    const user = personNamed(world, c.req.query('user') ?? 'ada')
    takeBack(world, user, channelNamed(world, c.req.param('id'), user), c.req.param('message_id'))
    return c.body(null, 204)
  })

  app.on(['PUT', 'DELETE'], `${one}/reactions/:emoji`, (c) => {
    const { id = '', message_id = '', emoji = '' } = c.req.param() as Record<string, string>
    const user = personNamed(world, c.req.query('user') ?? 'ada')
    reactAs(world, user, channelNamed(world, id, user), message_id, emoji, c.req.method === 'PUT')
    return c.body(null, 204)
  })

  app.post('/sandbox/channels/:id/typing', async (c) => {
    const user = personNamed(world, (await read(c, world, typingShape)).user)
    beginTyping(world, user, channelNamed(world, c.req.param('id'), user))
    return c.body(null, 204)
  })

  app.post('/sandbox/threads', async (c) => {
    const wish = await read(c, world, threadShape)
    const user = personNamed(world, wish.user)
    const thread = startThread(world, user, channelNamed(world, wish.channel, user), {
      name: wish.name,
      content: wish.content,
      uploads: uploads(wish.attachments),
      ...(wish.tags ? { tags: wish.tags } : {}),
      ...(wish.message_id ? { on: wish.message_id } : {}),
    })
    return c.json(thread)
  })

  app.post('/sandbox/faults', async (c) => {
    const { faults } = await read(c, world, faultsShape)
    for (const fault of faults) {
      const now = fault.route === '*' && (WORLD_KINDS as readonly string[]).includes(fault.kind)
      if (now) world.transaction(() => strikeWorld(world, fault))
      else world.faults.add(fault)
    }
    return c.json({ armed: world.faults.list() })
  })

  app.delete('/sandbox/faults', (c) => {
    world.faults.clear()
    return c.json({ armed: [] })
  })

  app.get('/sandbox/violations', (c) => c.json(world.violations.list()))

  app.get('/sandbox/record', (c) => {
    const lines = world.record.list().map((entry) => JSON.stringify(entry))
    return c.body(lines.length > 0 ? `${lines.join('\n')}\n` : '', 200, { 'Content-Type': 'application/jsonl' })
  })

  return app
}

/** Most bytes of a door's body without files; one with files may hold as many as a request of the API, in base64. */
const MOST = 1024 * 1024

async function read<T extends z.ZodType>(c: DoorContext, world: World, shape: T): Promise<z.output<T>> {
  const files =
    shape instanceof z.ZodObject && 'attachments' in shape.shape ? Math.ceil((world.limits.request * 4) / 3) : 0
  const bytes = await readBytes(c.env.incoming, MOST + files)
  const result = shape.safeParse(parsed(bytes))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new LineError(`${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'is not what is expected here'}.`)
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new LineError('The body must be JSON.')
  }
}

function refusal(c: Context, status: 400 | 413 | 503 | 504, reason: string) {
  return c.json({ reason }, status)
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
  pdf: 'application/pdf',
}

function uploads(files: { name: string; base64: string; content_type?: string | undefined }[]): Upload[] {
  return files.map((file, at) => ({
    index: String(at),
    name: file.name,
    content_type:
      file.content_type ?? TYPES[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream',
    bytes: new Uint8Array(Buffer.from(file.base64, 'base64')),
  }))
}
