import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../src/core/run.ts'
import { type Kit, type Message, startKit } from './kit.ts'

let kit: Kit
beforeAll(async () => {
  // Many answers: the runs of all tests share the script.
  kit = await startKit({ answers: 10_000 })
})
afterEach(async () => {
  await kit.type('/stop all:true')
  expect(kit.errors).toEqual([])
  const violations = await kit.get<Violation[]>('/sandbox/violations')
  // One test's violations are not the next one's.
  const fresh = violations.slice(judged)
  judged = violations.length
  expect(fresh.filter((violation) => !isRace(violation))).toEqual([])
})

interface Violation {
  method: string
  path: string
  code: number
}
let judged = 0

/**
 * A run that ends archives its thread, one that is deleted takes it along: what was on its way there at that moment is refused. No client can
 * know before; the bot must cope (answers arrive all the same: the tests below read them).
 */
const isRace = ({ method, code }: Violation): boolean => method === 'PATCH' && (code === 50083 || code === 10003)
afterAll(() => kit.close())

const START = '/backrooms start opus sonnet roleplay'
const said = async (text: string, more: { user?: string; channel?: string; target?: string } = {}) =>
  (await kit.type(text, more)).response?.content ?? ''
const inThread = (run: Run) => ({ channel: run.thread_id as string })
const turnsOf = (run: Run) => kit.store.turns(run.id)
const messagesIn = (run: Run) => kit.get<Message[]>(`/sandbox/channels/${run.thread_id}/messages?user=ada`)
const fresh = async (run: Run) => (await kit.store.run(run.id)) as Run

test('/stop ends the run of the thread it is used in, as the person', async () => {
  const run = await kit.run(START, { turns: 2 })
  expect(await said('/stop', inThread(run))).toContain('^C^C')
  expect(await fresh(run)).toMatchObject({ status: 'ended', end_reason: 'stopped' })
  expect((await turnsOf(run)).at(-1)).toMatchObject({ name: 'Ada', text: '^C^C', actor_index: null })
  expect(await said('/stop', inThread(run))).toMatch(/no run to stop.*stopped/)
})

test('/stop in a channel ends its only run, asks which of several, and says when there is none', async () => {
  expect(await said('/stop')).toMatch(/no run/)
  const one = await kit.run(START)
  expect(await said('/stop')).toContain(`<#${one.thread_id}>`)
  const [two, three] = [await kit.run(START), await kit.run(START)]
  const question = (await kit.type('/stop')).response as Message
  const select = question.components[0]?.components[0]
  expect(select?.options?.map(({ value }) => value).sort()).toEqual([two.id, three.id].sort())
  await kit.press(question, select?.custom_id as string, { values: [two.id] })
  expect(await fresh(two)).toMatchObject({ status: 'ended' })
  expect(await fresh(three)).toMatchObject({ status: 'going' })
})

test('a run is named by its id or title, and completed by words', async () => {
  const run = await kit.run(`${START} title:The lighthouse keeper`)
  const choices = await kit.complete('/stop run:keeper')
  expect(choices).toEqual([{ name: expect.stringContaining('The lighthouse keeper'), value: run.id }])
  expect(await said('/stop run:The Lighthouse Keeper', { channel: 'general' })).toContain('^C^C')
  expect(await kit.complete('/stop run:keeper')).toEqual([])
  expect(await kit.complete('/backrooms export run:keeper')).toHaveLength(1)
})

test('only who started it, or may manage messages, stops a run; all takes who may manage the server', async () => {
  const run = await kit.run(START, { user: 'ben' })
  expect(await said('/stop', { user: 'cleo' })).toMatch(/Only Ben/)
  expect(await said('/stop all:true', { user: 'cleo' })).toMatch(/manage the server/)
  expect(await fresh(run)).toMatchObject({ status: 'going' })
  expect(await said('/stop', { user: 'ben' })).toContain('^C^C')
  const other = await kit.run(START, { user: 'ben' })
  expect(await said('/stop all')).toMatch(/ended/)
  expect(await fresh(other)).toMatchObject({ status: 'ended' })
})

test("the panel's buttons pause, step, resume and stop; a stale one says so", async () => {
  const run = await kit.run(START, { turns: 1 })
  const panels = async () => (await messagesIn(run)).filter((message) => message.components.length > 0)
  await expect.poll(async () => (await panels()).length).toBeGreaterThan(0)
  const [panel] = (await panels()) as [Message]
  const shows = (verb: string) => expect.poll(async () => JSON.stringify(await messagesIn(run))).toContain(verb)
  await kit.press(panel, `pause:${run.id}`)
  expect(await fresh(run)).toMatchObject({ status: 'paused', status_text: 'Paused by Ada.' })
  const before = (await fresh(run)).next_index
  await shows(`step:${run.id}`)
  await kit.press(panel, `step:${run.id}`)
  await kit.until(run.id, (now) => now.next_index > before && now.status === 'paused')
  await shows(`resume:${run.id}`)
  await kit.press(panel, `resume:${run.id}`)
  await kit.until(run.id, (now) => now.next_index > before + 2)
  const refused = await kit.press(panel, `stop:${run.id}`, { user: 'cleo' })
  expect(refused.response?.content).toMatch(/Only Ada/)
  await kit.press(panel, `stop:${run.id}`)
  const stale = await kit.press(panel, `stop:${run.id}`)
  expect(stale.response?.content).toMatch(/no run to stop/)
})

test("the panel's buttons say something through a form, and fork", async () => {
  const run = await kit.run(START, { turns: 1 })
  const panelNow = async () => (await messagesIn(run)).find((message) => message.components.length > 0)
  await expect.poll(panelNow).toBeDefined()
  const panel = (await panelNow()) as Message
  const labels = (message: Message | undefined) => message?.components[0]?.components.map(({ label }) => label)
  expect(labels(panel)).toEqual(['Pause', 'Say …', 'Fork', 'Stop'])
  await kit.press(panel, `pause:${run.id}`)
  await expect.poll(async () => labels(await panelNow())).toEqual(['Resume', 'Step', 'Say …', 'Fork', 'Stop'])
  expect(JSON.stringify((await panelNow())?.embeds)).toContain('"paused by Ada."')
  const { modal } = await kit.press(panel, `say:${run.id}`, { user: 'ben' })
  expect(modal).toMatchObject({ custom_id: `say:${run.id}` })
  const fields = { text: 'Look up.' }
  const submitted = await kit.post('/sandbox/modals', { custom_id: modal?.custom_id, fields, user: 'ben' })
  expect(submitted.response?.content).toMatch(/to everyone/)
  expect((await turnsOf(run)).at(-1)).toMatchObject({ name: 'Ben', text: 'Look up.' })
  const whisper = { text: 'You too.', to: ['2'] }
  const { modal: again } = await kit.press(panel, `say:${run.id}`, { user: 'ben' })
  expect(JSON.stringify(again)).toContain('Claude Sonnet 2')
  await kit.post('/sandbox/modals', { custom_id: again?.custom_id, fields: whisper, user: 'ben' })
  expect((await turnsOf(run)).at(-1)).toMatchObject({ text: 'You too.', whisper_to: 1 })
  const forked = (await kit.press(panel, `fork:${run.id}`)).response?.content ?? ''
  const [fork] = await kit.store.runs({ thread_id: /begins in <#(\d+)>/.exec(forked)?.[1] as string })
  expect(fork?.spec.lineage?.run_id).toBe(run.id)
})

test('/say speaks to all, under another name, or to one actor alone', async () => {
  const run = await kit.run(START, { turns: 1 })
  await said('/backrooms pause', inThread(run))
  expect(await said('/say text:Look up: as:Moon', inThread(run))).toMatch(/everyone/)
  expect(await said('/say text:"a secret" to:sonnet', { ...inThread(run), user: 'ben' })).toMatch(/Claude Sonnet 2/)
  const [one, two] = (await turnsOf(run)).filter((turn) => turn.actor_index === null)
  expect(one).toMatchObject({ name: 'Moon', text: 'Look up:', whisper_to: null })
  expect(two).toMatchObject({ name: 'Ben', text: 'a secret', whisper_to: 1 })
  expect(await said('/say text:hm to:nobody', inThread(run))).toMatch(
    /no actor "nobody".*1 Claude Opus 1, 2 Claude Sonnet 2/,
  )
  expect(await said(`/say text:${'x'.repeat(5000)}`, inThread(run))).toMatch(/5,000 characters.*4,000/)
})

test("a person's words that the bot posts carry their name and their picture", async () => {
  const run = await kit.run(START, { turns: 1 })
  await said('/backrooms pause', inThread(run))
  await said('/say text:"it is me"', inThread(run))
  const address = kit.bot.client.users.cache
    .get(kit.world.people.ada ?? '')
    ?.displayAvatarURL({ extension: 'png', size: 128 })
  expect(address).toMatch(kit.url)
  const posted = async () => (await messagesIn(run)).find(({ content }) => content === 'it is me')?.author
  await expect.poll(posted).toMatchObject({ username: 'Ada', avatar: expect.any(String) })
  const { avatar } = (await posted()) as { username: string; avatar?: string }
  expect(kit.world.avatars.get(avatar ?? '')?.url).toBe(address)
})

test('a message that mentions the bot joins the conversation; others are left alone', async () => {
  const run = await kit.run(START, { turns: 1 })
  await said('/backrooms pause', inThread(run))
  const speak = (content: string) => kit.post(`/sandbox/channels/${run.thread_id}/messages`, { content, user: 'ben' })
  await speak('nothing to see here')
  const joined = new Promise((resolve) => kit.bus.on('committed', (news) => news.run_id === run.id && resolve(news)))
  const spoken = await speak(`hello <@${kit.bot.botUserId}> and <@${kit.world.people.cleo}>`)
  await joined
  const people = (await turnsOf(run)).filter((turn) => turn.actor_index === null)
  expect(people.map(({ name, text }) => ({ name, text }))).toEqual([{ name: 'Ben', text: 'hello and @Cleo' }])
  await expect.poll(async () => (await messagesIn(run)).find(({ id }) => id === spoken.id)?.reactions?.length).toBe(1)
  // It stands in the thread already: the bot does not post it again.
  expect((await messagesIn(run)).filter(({ content }) => content.includes('and @Cleo'))).toEqual([])
})

test('/backrooms next and swap change who speaks', async () => {
  const run = await kit.run(START, { turns: 1 })
  await said('/backrooms pause', inThread(run))
  await said('/backrooms next 2', inThread(run))
  expect((await fresh(run)).state.next_actor).toBe(1)
  expect((await kit.complete('/backrooms next ', inThread(run))).map(({ value }) => value)).toEqual([
    'Claude Opus 1',
    'Claude Sonnet 2',
  ])
  expect(await said('/backrooms swap actor:sonnet model:haiku', inThread(run))).toMatch(
    /Claude Haiku 2.*Claude Sonnet 2/,
  )
  expect((await fresh(run)).state.swaps['1']?.alias).toBe('haiku')
})

test('/backrooms fork starts a new run from a turn, with other models and limits', async () => {
  const run = await kit.run(`${START} max_turns:2`)
  await kit.until(run.id, (now) => now.status === 'ended')
  const thread = async (text: string) => /begins in <#(\d+)>/.exec(await said(text, inThread(run)))?.[1] as string
  const [fork] = await kit.store.runs({ thread_id: await thread('/backrooms fork from:2 models:haiku max_turns:9') })
  expect(fork).toMatchObject({
    spec: { max_turns: 9, lineage: { run_id: run.id, turn_index: 1 } },
    starter_name: 'Ada',
  })
  expect(fork?.spec.actors.map(({ model }) => model.alias)).toEqual(['haiku', 'sonnet'])
  // A run that has had its rounds gets as many again, or its fork would end at once.
  const [again] = await kit.store.runs({ thread_id: await thread('/backrooms fork') })
  expect(again?.spec.max_turns).toBe(4)
  expect(await said('/backrooms fork from:99', inThread(run))).toMatch(/no turn 99/)
})

test('an ended run that was imported for this server is found, shown, exported and forked', async () => {
  const { spec, state } = await fresh(await kit.run(START, { turns: 2 }))
  const turns = (await kit.store.turns((await kit.store.runs({ limit: 1 }))[0]?.id as string)).slice(0, 2)
  const ended = { status: 'ended', end_reason: 'max_turns', status_text: 'Enough.' } as const
  const imported = {
    ...ended,
    created_at: 1_750_000_000_000,
    ended_at: 1_750_000_001_000,
    closed_at: 1_750_000_001_000,
  }
  const place = { guild_id: kit.guildId, channel_id: null, batch_id: null, starter_id: null, starter_name: 'eve' }
  await kit.store.createRun({ id: 'imported2', spec, state, turns, imported, ...place }, () => [])
  expect(JSON.stringify((await kit.type('/backrooms status run:imported2')).response)).toContain('max_turns')
  const exported = (await kit.type('/backrooms export run:imported2')).response as Message
  expect(exported.attachments).toHaveLength(1)
  expect(await said('/backrooms fork run:imported2 from:1')).toMatch(/begins in <#\d+>/)
})

test('the menus fork and rewind from any message of a turn, and from no other', async () => {
  const run = await kit.run(START, { turns: 4 })
  await said('/backrooms pause', inThread(run))
  await expect.poll(async () => (await kit.store.turnsBehind(run.id)) === 0).toBe(true)
  const deliveries = await kit.store.delivered(run.id)
  const target = deliveries.find(({ body }) => body.kind === 'turn' && body.turn_index === 1)?.message_id as string
  const forked = await said('Fork from here', { ...inThread(run), target })
  const thread = /begins in <#(\d+)>/.exec(forked)?.[1] as string
  const [fork] = await kit.store.runs({ thread_id: thread })
  expect(fork?.spec.lineage).toEqual({ run_id: run.id, turn_index: 1, thread_id: run.thread_id })
  expect(await said('Rewind to here', { ...inThread(run), target })).toMatch(
    /stays paused\. When it is resumed, it goes on from turn 2;/,
  )
  expect((await turnsOf(run)).filter(({ actor_index }) => actor_index !== null).at(-1)?.turn_index).toBe(1)
  const divider = /^— Rewound to turn 2: turns 3 to \d+ no longer count\. —$/
  await expect.poll(async () => (await messagesIn(run)).filter(({ content }) => divider.test(content))).toHaveLength(1)
  const dropped = deliveries.find(({ body }) => body.kind === 'turn' && body.turn_index === 3)?.message_id as string
  const refused = await said('Rewind to here', { ...inThread(run), target: dropped })
  expect(refused).toMatch(/Turn 4 was dropped by an earlier rewind/)
  expect(await said('Fork from here', { ...inThread(run), target: dropped })).toMatch(/begins in/)
  const panel = deliveries.find(({ body }) => body.kind === 'panel')?.message_id as string
  expect(await said('Rewind to here', { ...inThread(run), target: panel })).toMatch(/no turn/)
})

test("the menus fork and rewind from a person's own message that became a turn, and it becomes one once", async () => {
  const run = await kit.run(START, { turns: 1 })
  await said('/backrooms pause', inThread(run))
  const joined = new Promise((resolve) => kit.bus.on('committed', (news) => news.run_id === run.id && resolve(news)))
  await kit.post('/sandbox/faults', { faults: [{ route: 'MESSAGE_CREATE', kind: 'duplicate' }] })
  const content = `<@${kit.bot.botUserId}> look up`
  const spoken = await kit.post(`/sandbox/channels/${run.thread_id}/messages`, { content, user: 'ben' })
  await joined
  await said('/say text:after', inThread(run))
  const people = (await turnsOf(run)).filter(({ actor_index }) => actor_index === null)
  expect(people.map(({ text }) => text)).toEqual(['look up', 'after'])
  const own = people[0]?.turn_index as number
  const target = spoken.id as string
  const forked = await said('Fork from here', { ...inThread(run), target })
  const [fork] = await kit.store.runs({ thread_id: /begins in <#(\d+)>/.exec(forked)?.[1] as string })
  expect(fork?.spec.lineage).toMatchObject({ run_id: run.id, turn_index: own })
  expect(await said('Rewind to here', { ...inThread(run), target })).toMatch(`from turn ${own + 1};`)
  expect((await turnsOf(run)).at(-1)).toMatchObject({ text: 'look up' })
})

test('/backrooms delete asks twice, then removes the run', async () => {
  const run = await kit.run(START, { turns: 1 })
  const asked = (await kit.type('/backrooms delete', inThread(run))).response as Message
  const again = (await kit.press(asked, `delete:${run.id}`)).response as Message
  expect(await kit.store.run(run.id)).not.toBeNull()
  expect((await kit.press(again, 'delete-not')).response?.content).toMatch(/stays/)
  expect((await kit.type('/backrooms delete', { ...inThread(run), user: 'cleo' })).response?.content).toMatch(
    /Only Ada/,
  )

  const elsewhere = (await kit.type(`/backrooms delete run:${run.id}`)).response as Message
  const sure = (await kit.press(elsewhere, `delete:${run.id}`)).response as Message
  const done = (await kit.press(sure, `delete-really:${run.id}`)).response
  expect(done?.content).toMatch(/deleted/)
  expect(kit.removed).toContain(run.id)
  expect(await kit.store.run(run.id)).toBeNull()
  const left = await kit.get<{ id: string }[]>('/sandbox/channels')
  expect(left.some(({ id }) => id === run.thread_id)).toBe(false)
  const stale = await kit.press(sure, `delete-really:${run.id}`)
  expect(stale.response?.content).toMatch(/gone/)
})

test('deleting a run from within its own thread leaves no error behind', async () => {
  const run = await kit.run(START)
  const asked = (await kit.type('/backrooms delete', inThread(run))).response as Message
  const sure = (await kit.press(asked, `delete:${run.id}`)).response as Message
  await kit.press(sure, `delete-really:${run.id}`)
  await expect.poll(() => kit.store.run(run.id)).toBeNull()
})

test.each(['markdown', 'html', 'json', 'text'])('/backrooms export gives %s', async (format) => {
  const run = await kit.run(START, { turns: 2 })
  const { response } = await kit.type(`/backrooms export format:${format}`, inThread(run))
  const [file] = response?.attachments ?? []
  const text = await (await fetch(file?.url as string)).text()
  expect(text).toContain((await turnsOf(run))[0]?.text)
})

test('an export of a run in which nothing was said is refused', async () => {
  const { id } = await kit.store.createRun(
    {
      ...{ guild_id: kit.guildId, channel_id: null, starter_id: null, starter_name: null, batch_id: null },
      ...(await kit.run(START)),
      id: 'unsaid',
    },
    () => [],
  )
  expect(await said(`/backrooms export run:${id}`)).toMatch(/Nothing has been said/)
  await kit.store.deleteRun(id)
})

test('/backrooms usage draws what was spent', async () => {
  await kit.run(START, { turns: 2 })
  const { response } = await kit.type('/backrooms usage')
  expect(response?.content).toMatch(/By person: Ada \$/)
  expect(response?.attachments[0]?.filename).toBe('usage.png')
  expect(await said('/backrooms usage days:0')).toMatch(/days.*not 0/)
})

test('a mention in a run that has ended is answered once in words, and its thread archived again', async () => {
  const run = await kit.run(START, { turns: 1 })
  await said('/stop', inThread(run))
  const isArchived = () => kit.world.threads().find(({ id }) => id === run.thread_id)?.thread_metadata.archived
  await expect.poll(isArchived).toBe(true)
  const speak = () =>
    kit.post(`/sandbox/channels/${run.thread_id}/messages`, { content: `<@${kit.bot.botUserId}> hello?`, user: 'ben' })
  const answers = async () => (await messagesIn(run)).filter(({ content }) => /nobody here can hear you/.test(content))
  await speak()
  await expect.poll(async () => (await answers()).length).toBe(1)
  await expect.poll(isArchived).toBe(true)
  const second = await speak()
  await expect.poll(async () => (await messagesIn(run)).find(({ id }) => id === second.id)?.reactions?.length).toBe(1)
  await expect.poll(isArchived).toBe(true)
  expect(await answers()).toHaveLength(1)
})

test('forking from an archived thread leaves it archived', async () => {
  const run = await kit.run(START, { turns: 2 })
  await said('/stop', inThread(run))
  const isArchived = () => kit.world.threads().find(({ id }) => id === run.thread_id)?.thread_metadata.archived
  await expect.poll(isArchived).toBe(true)
  expect(await said('/backrooms fork', inThread(run))).toMatch(/begins in/)
  const told = async () => (await messagesIn(run)).some(({ content }) => /^Forked after turn/.test(content))
  await expect.poll(told).toBe(true)
  await expect.poll(isArchived).toBe(true)
  await kit
    .type('/backrooms export', inThread(run))
    .then(({ response }) => expect(response?.attachments).toHaveLength(1))
  await expect.poll(isArchived).toBe(true)
})

test('the menu and the choices of /stop are those runs that the person may stop', async () => {
  const bens = await kit.run(START, { user: 'ben' })
  const adas = await kit.run(START)
  const select = (await kit.type('/stop', { user: 'ben' })).response?.components[0]?.components[0]
  expect(select?.options?.map(({ value }) => value)).toEqual([bens.id])
  expect((await kit.complete('/stop run:', { user: 'ben' })).map(({ value }) => value)).toEqual([bens.id])
  expect((await kit.complete('/stop run:')).map(({ value }) => value).sort()).toEqual([adas.id, bens.id].sort())
  expect(await said('/stop', { user: 'cleo' })).toMatch(/2 runs here, none of them yours/)
})

test('/backrooms list and status tell what is going on', async () => {
  const run = await kit.run(START, { turns: 1 })
  expect(await said('/backrooms list')).toContain(`<#${run.thread_id}>`)
  expect(await said('/backrooms status', inThread(run))).toMatch(/going.*roleplay.*Claude Opus 1.*run `/s)
  expect(await said('/backrooms status', { channel: 'general' })).toMatch(/1 going/)
  expect(await said('/backrooms templates')).toMatch(/\*\*roleplay\*\* \(2\)/)
})
