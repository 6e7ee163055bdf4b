import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startBot } from '../../src/discord/bot.ts'
import { inviteUrl, PERMISSIONS } from '../../src/discord/invite.ts'
import type { Room } from '../../src/discord/room.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { openStore } from '../../src/store/open.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A bot of which only the client, the boundary and these commands are real. */
async function botWith(files: Record<string, string>, { inGuild = false, token = '' } = {}) {
  const sandbox = await startSandbox({ port: 0 })
  closers.push(() => sandbox.close())
  const store = await openStore(':memory:')
  closers.push(() => store.close())
  const commandsDir = await mkdtemp(join(tmpdir(), 'backrooms-bot-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(commandsDir, name), text)
  const lines: { level: string; data: Record<string, unknown>; message: string }[] = []
  const at = (level: string) => (data: object, message: string) =>
    void lines.push({ level, data: data as Record<string, unknown>, message })
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const room = { store, log } as unknown as Room
  const { apiUrl } = sandbox
  const guildId = inGuild ? sandbox.guildId : null
  const start = () => startBot({ ...{ apiUrl, guildId, room, log, commandsDir }, token: token || sandbox.token })
  return { sandbox, lines, start }
}

const command = (name: string, body: string) =>
  `export default { data: { name: '${name}', description: 'x' }, async execute(interaction, room) { ${body} } }`

async function type(sandbox: Sandbox, text: string, channel = 'backrooms') {
  const response = await fetch(`${sandbox.url}/sandbox/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, channel }),
  })
  const answer = (await response.json()) as { response: { content: string; flags: number } | null; reason?: string }
  return { status: response.status, content: answer.response?.content ?? '', flags: answer.response?.flags ?? 0 }
}

test('a mistake of ours is logged under an id that the person gets, and nothing else of it', async () => {
  const { sandbox, lines, start } = await botWith({
    'break.ts': command('break', "throw new Error('the secret inside')"),
    'late.ts': command('late', "await interaction.deferReply({ flags: 64 }); throw new Error('late')"),
  })
  const bot = await start()
  closers.push(() => bot.close())
  await bot.ready
  for (const name of ['/break', '/late']) {
    const { content, flags } = await type(sandbox, name)
    const id = /`([0-9a-f]{8})`/.exec(content)?.[1]
    expect(content).not.toContain('secret')
    expect(flags & 64).toBe(64)
    expect(lines.find(({ level, data }) => level === 'error' && data.id === id)).toBeDefined()
  }
})

test('a wrong token is told by the name of its variable', async () => {
  const { start } = await botWith(
    {},
    { token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.Gwrong.wrong-wrong-wrong-wrong-wrong-wrong-wrong' },
  )
  await expect(start()).rejects.toThrow(/DISCORD_TOKEN/)
})

test('a bad command file stops the start', async () => {
  const { start } = await botWith({ 'bad.ts': 'export default 3' })
  await expect(start()).rejects.toThrow(/bad\.ts/)
})

test('commands of one server are registered there, at once', async () => {
  const wave = command('wave', "await interaction.reply({ content: 'hi', flags: 64 })")
  const { sandbox, start } = await botWith({ 'wave.ts': wave }, { inGuild: true })
  const bot = await start()
  closers.push(() => bot.close())
  await bot.ready
  expect((await type(sandbox, '/wave')).content).toBe('hi')
  expect(sandbox.world.commands.values().map(({ guild_id }) => guild_id)).toEqual([sandbox.guildId])
})

test('the bot comes back when the gateway goes, and answers again', async () => {
  const { sandbox, lines, start } = await botWith({
    'wave.ts': command('wave', "await interaction.reply({ content: 'hi', flags: 64 })"),
  })
  const bot = await start()
  closers.push(() => bot.close())
  await bot.ready
  const back = new Promise((resolve) => bot.client.once('shardResume', resolve))
  await fetch(`${sandbox.url}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults: [{ kind: 'cut', route: '*', count: 1 }] }),
  })
  await type(sandbox, '/wave')
  await back
  expect((await type(sandbox, '/wave')).content).toBe('hi')
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})

test('what is logged from start to end is true: no server that is none, no reconnection at the end', async () => {
  const { lines, start } = await botWith({ 'wave.ts': command('wave', '') })
  const bot = await start()
  await bot.ready
  await bot.close()
  expect(lines.map(({ message }) => message)).toContain('registered the commands')
  expect(lines.filter(({ data }) => Object.values(data).includes(null))).toEqual([])
  expect(lines.filter(({ message }) => /reconnecting|disconnected/.test(message))).toEqual([])
})

test('a bot that is closed before it was ready ends without a word of failure', async () => {
  const { lines, start } = await botWith({ 'wave.ts': command('wave', '') })
  const bot = await start()
  const settled = Promise.race([
    bot.ready.then(
      () => 'ready',
      () => 'failed',
    ),
    bot.close().then(() => 'closed'),
  ])
  expect(await settled).toBe('closed')
  expect(
    await Promise.race([
      bot.ready.then(
        () => 'ready',
        () => 'failed',
      ),
      Promise.resolve('silent'),
    ]),
  ).toBe('silent')
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})

test('an acknowledgement that Discord took, but whose answer was lost, is not taken for a failure', async () => {
  const { sandbox, lines, start } = await botWith({
    'wave.ts': `import { tellPrivately } from '${new URL('../../src/discord/replies.ts', import.meta.url).href}'
${command('wave', "await tellPrivately(interaction, 'hi')")}`,
  })
  const bot = await start()
  closers.push(() => bot.close())
  await bot.ready
  await fetch(`${sandbox.url}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults: [{ kind: 'cut_after', route: 'POST /interactions/*', count: 1 }] }),
  })
  expect((await type(sandbox, '/wave')).content).toBe('hi')
  await expect.poll(() => lines.filter(({ level }) => level === 'error')).toEqual([])
})

test('the invite link asks for exactly what the table names', () => {
  const url = new URL(inviteUrl('123456789012345678'))
  expect(url.searchParams.get('scope')).toBe('bot applications.commands')
  const asked = BigInt(url.searchParams.get('permissions') as string)
  expect(asked).toBe(PERMISSIONS.reduce((all, { flag }) => all | flag, 0n))
  for (const { use } of PERMISSIONS) expect(use).toMatch(/^to /)
})

test('an answer that comes after its thread was archived is given all the same, and the thread stays archived', async () => {
  const replies = new URL('../../src/discord/replies.ts', import.meta.url).href
  const { sandbox, lines, start } = await botWith({
    'open.ts': command(
      'open',
      "await interaction.channel.threads.create({ name: 'a thread' }); await interaction.reply('done')",
    ),
    'late.ts': `import { deferPrivately, tellPrivately } from '${replies}'
${command('late', "await deferPrivately(interaction); await interaction.channel.setArchived(true); await tellPrivately(interaction, 'late')")}`,
  })
  const bot = await start()
  closers.push(() => bot.close())
  await bot.ready
  await type(sandbox, '/open')
  expect((await type(sandbox, '/late', 'a thread')).content).toBe('late')
  expect((await type(sandbox, '/late', 'a thread')).content).toBe('late')
  const [thread] = sandbox.world.threads()
  await expect
    .poll(() => sandbox.world.threads().find(({ id }) => id === thread?.id)?.thread_metadata.archived)
    .toBe(true)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})
