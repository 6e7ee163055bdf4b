/** What the sandbox costs: messages per second, dispatch latency, memory with many messages, the share of validation. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Events, GatewayIntentBits, type TextChannel } from 'discord.js'
import { loadSchemas } from '../../src/sandbox/rest/schemas.ts'
import { startSandbox } from '../../src/sandbox/server.ts'

export interface SandboxFigures {
  /** sends through discord.js, one after the other, limits off */
  messages_per_second: number
  /** ms from the send to the event, at the same client */
  dispatch_p50_ms: number
  dispatch_p99_ms: number
  /** MB of this process, before and after 100,000 messages */
  memory_before_mb: number
  memory_with_100k_messages_mb: number
  /** of the time of a send that goes into checking its request and its response */
  validation_share: number
}

const SENDS = 1500
const MANY = 100_000

export async function sandboxFigures(): Promise<SandboxFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-bench-'))
  const sandbox = await startSandbox({ port: 0, limits: 'off', dataDir })
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    rest: { api: sandbox.apiUrl, globalRequestsPerSecond: 1_000_000 },
  })
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve))
  await client.login(sandbox.token)
  await ready
  const channel = client.channels.cache.find(
    (each) => each.isTextBased() && 'name' in each && each.name === 'general',
  ) as TextChannel

  const arrivals = new Map<string, number>()
  client.on(Events.MessageCreate, (message) => arrivals.set(message.content, performance.now()))
  const sent = new Map<string, number>()
  for (let n = 0; n < 200; n++) await channel.send(`warm ${n}`)
  const started = performance.now()
  for (let n = 0; n < SENDS; n++) {
    sent.set(`message ${n}`, performance.now())
    await channel.send(`message ${n}`)
  }
  const perSend = (performance.now() - started) / SENDS
  const latencies = [...sent].flatMap(([content, at]) => (arrivals.get(content) ?? at) - at).sort((a, b) => a - b)

  const validation = await validationTime(sandbox.apiUrl, sandbox.token, channel.id)
  const before = memory()
  fill(sandbox.world, channel.id)
  const after = memory()
  await client.destroy()
  await sandbox.close()
  await rm(dataDir, { recursive: true, force: true })
  return {
    messages_per_second: Math.round(1000 / perSend),
    dispatch_p50_ms: round(latencies[Math.floor(latencies.length * 0.5)] ?? 0),
    dispatch_p99_ms: round(latencies[Math.floor(latencies.length * 0.99)] ?? 0),
    memory_before_mb: before,
    memory_with_100k_messages_mb: after,
    validation_share: round(validation / perSend),
  }
}

/** ms that the schemas take for one send and its answer. */
async function validationTime(apiUrl: string, token: string, channelId: string): Promise<number> {
  const body = { content: 'measured', nonce: '1', enforce_nonce: true, tts: false, allowed_mentions: { parse: [] } }
  const response = await fetch(`${apiUrl}/v10/channels/${channelId}/messages`, {
    method: 'POST',
    headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  const schemas = await loadSchemas()
  const started = performance.now()
  for (let n = 0; n < 2000; n++) {
    schemas.problems('MessageCreateRequest', body)
    schemas.problems('MessageResponse', answer)
  }
  return (performance.now() - started) / 2000
}

function fill(world: Awaited<ReturnType<typeof startSandbox>>['world'], channelId: string): void {
  const template = world.messagesOf(channelId, { limit: 1 })[0]
  if (!template) throw new Error('no message to copy')
  world.transaction(() => {
    for (let n = 0; n < MANY; n++)
      world.storage.putMessage({ message: { ...template, id: world.newId(), content: `many ${n}` } })
  })
}

function memory(): number {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().rss / 1e6)
}

const round = (value: number) => Math.round(value * 1000) / 1000

if (import.meta.main) process.stdout.write(`${JSON.stringify(await sandboxFigures(), null, 2)}\n`)
