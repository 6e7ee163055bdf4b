import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Kit, type Reply, startKit } from './kit.ts'

let kit: Kit
beforeAll(async () => {
  kit = await startKit({ missing: ({ provider }) => (provider === 'openai' ? ['OPENAI_API_KEY'] : []) })
})
afterAll(() => kit.close())

const EPHEMERAL = 1 << 6
const isPrivate = ({ response }: Reply) => ((response?.flags ?? 0) & EPHEMERAL) !== 0

test('values typed in order open a thread, and the reply links it', async () => {
  const reply = await kit.type('/backrooms start opus sonnet roleplay')
  expect(reply).toMatchObject({ status: 200 })
  const thread = /<#(\d+)>/.exec(reply.response?.content ?? '')?.[1] as string
  expect(thread, reply.response?.content).toBeDefined()
  const [run] = await kit.store.runs({ thread_id: thread })
  expect(run?.spec.template).toBe('roleplay')
  expect(run?.spec.actors.map(({ model }) => model.alias)).toEqual(['opus', 'sonnet'])
  expect(run).toMatchObject({ guild_id: kit.guildId, channel_id: kit.channels.backrooms, starter_name: 'Ada' })
})

test('named values do too, whatever their order', async () => {
  const run = await kit.run(
    '/backrooms start lm1:opus template:roleplay max_turns:3 max_cost:0.5 title:Two friends lm2:sonnet',
  )
  expect(run.spec).toMatchObject({ template: 'roleplay', max_turns: 3, max_cost: 0.5, title: 'Two friends' })
})

test('a run that has ended before its thread is open is linked all the same', async () => {
  const slow = await startKit()
  const delay = { kind: 'delay', route: 'POST /channels/*/messages/*/threads', ms: 700, count: 1 }
  await slow.post('/sandbox/faults', { faults: [delay] })
  const { response } = await slow.type('/backrooms start lm1:opus template:roleplay max_turns:1')
  expect(response?.content).toMatch(/^It has ended already in <#\d+> \(`max_turns`\)/)
  const [run] = await slow.store.runs({})
  expect(response?.content).toContain(`<#${run?.thread_id}>`)
  await slow.close()
})

test('from inside a thread the run opens in its parent', async () => {
  const first = await kit.run('/backrooms start opus sonnet roleplay')
  const reply = await kit.type('/backrooms start opus roleplay', { channel: first.thread_id as string })
  const thread = /<#(\d+)>/.exec(reply.response?.content ?? '')?.[1] as string
  const [run] = await kit.store.runs({ thread_id: thread })
  expect(run?.channel_id).toBe(kit.channels.backrooms)
  expect(run?.spec.actors.map(({ model }) => model.alias)).toEqual(['opus', 'opus'])
})

test.each([
  ['an unknown alias, with the nearest ones', '/backrooms start opsu sonnet roleplay', /opsu.*opus/s],
  ['an unknown template, with the nearest ones', '/backrooms start opus sonnet roleplya', /roleplya.*roleplay/s],
  [
    'an unknown option typed in order',
    '/backrooms start opus sonnet roleplay maxturns:5',
    /no option `maxturns:`.*max_turns\. There are lm1 to lm6, template,/,
  ],
  [
    'an unknown option after a named one',
    '/backrooms start lm1:ollama:llama3.2:3b template:roleplay max-turns:5',
    /no option `max-turns:`.*Nearest: max_turns/,
  ],
  [
    'an unknown option within a text',
    '/backrooms start lm1:opus template:roleplay title:Two friends maxTurns:5',
    /no option `maxTurns:`/,
  ],
  ['a misspelt one typed in order', '/backrooms start opus sonnet roleplay maxturn:5', /no option `maxturn:`/],
  ['no template', '/backrooms start opus', /template:/],
  ['too many models', '/backrooms start lm1:opus lm2:opus lm3:opus template:roleplay', /2 agents.*3 models/s],
  ['malformed vars', '/backrooms start lm1:opus template:roleplay vars:nonsense', /vars/],
  ['no rounds', '/backrooms start lm1:opus template:roleplay max_turns:0', /max_turns.*not 0/],
  ['a negative budget', '/backrooms start lm1:opus template:roleplay max_cost:-1', /max_cost.*not -1/],
  ['a template outside of its folder', '/backrooms start lm1:opus template:../secrets', /secrets/],
  ['a model whose key is missing', '/backrooms start gpt4o opus roleplay', /`gpt4o`.*OPENAI_API_KEY/],
])('%s gets one private sentence, and nothing is made', async (_, text, sentence) => {
  const before = await kit.store.runs({})
  const reply = await kit.type(text)
  expect(reply.status).toBe(200)
  expect(reply.response?.content).toMatch(sentence)
  expect(reply.response?.content).not.toContain('\n')
  expect(isPrivate(reply)).toBe(true)
  expect(await kit.store.runs({})).toHaveLength(before.length)
})

test('in a direct message too', async () => {
  const reply = await kit.type('/backrooms start opus sonnet roleplay', { channel: 'dm' })
  expect(reply.response?.content).toMatch(/server/)
  expect(reply.response?.content).not.toContain('\n')
})

test('models, templates and presets are completed by prefix and by word', async () => {
  const values = async (text: string) => (await kit.complete(text)).map(({ value }) => value)
  expect((await values('/backrooms start opu'))[0]).toBe('opus')
  expect(await values('/backrooms start lm1:Claude')).toContain('opus')
  expect(await values('/backrooms start lm1:opus template:role')).toContain('roleplay')
  expect((await values('/backrooms start lm1:opus template:roleplay profiles:')).length).toBeGreaterThan(0)
  expect(await values('/backrooms start openrouter:nous')).toContain('openrouter:nous')
  expect((await values('/backrooms start ')).length).toBeLessThanOrEqual(25)
})

test('nothing Discord would have refused was sent, and nothing was logged as our mistake', async () => {
  expect(await kit.get('/sandbox/violations')).toEqual([])
  expect(kit.errors).toEqual([])
})

test.each([
  ['embed_links', 'general', '', /Embed Links/],
  ['read_message_history', 'logs', '', /Read Message History/],
  ['attach_files', 'media', ' media:demo', /Attach Files/],
])('without %s a start that needs it is refused beforehand', async (permission, channel, needing, named) => {
  const target = kit.channels[channel]
  await kit.post('/sandbox/faults', { faults: [{ kind: 'permission_withdrawn', permission, target }] })
  const before = await kit.store.runs({})
  const reply = await kit.type(`/backrooms start lm1:opus template:roleplay channel:${channel}${needing}`)
  expect(reply.response?.content).toMatch(named)
  expect(isPrivate(reply)).toBe(true)
  expect(await kit.store.runs({})).toHaveLength(before.length)
})

test('where the bot may open no threads, the permission is named before anything is made', async () => {
  const fault = { kind: 'permission_withdrawn', permission: 'create_public_threads' }
  await kit.post('/sandbox/faults', { faults: [fault] })
  const before = await kit.store.runs({})
  for (const text of [
    '/backrooms start opus sonnet roleplay',
    '/backrooms start lm1:opus template:roleplay channel:logs',
  ]) {
    const reply = await kit.type(text)
    expect(reply.response?.content).toMatch(/Create Public Threads/)
    expect(isPrivate(reply)).toBe(true)
  }
  // A forum's posts need another permission, which is still there.
  const forum = await kit.type('/backrooms start lm1:opus template:roleplay channel:archive')
  expect(forum.response?.content).not.toMatch(/Create Public Threads/)
  expect(await kit.store.runs({})).toHaveLength(before.length + 1)
})
