import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Kit, type Message, startKit } from './kit.ts'

let kit: Kit
beforeAll(async () => {
  kit = await startKit()
})
afterEach(async () => {
  await kit.type('/stop all:true')
  for (const name of Object.keys(await kit.store.settings(kit.guildId))) await kit.type(`/settings set clear:${name}`)
})
afterAll(async () => {
  expect(kit.errors).toEqual([])
  expect(await kit.get('/sandbox/violations')).toEqual([])
  await kit.close()
})

const START = '/backrooms start opus sonnet roleplay'
const say = async (text: string, more: { user?: string; channel?: string } = {}) =>
  (await kit.type(text, more)).response?.content ?? ''

test('what is set is shown, and cleared again', async () => {
  const said = await say('/settings set models:opus, sonnet max_cost:0.5 default_channel:general person_per_day:3')
  expect(said).toMatch(/`models`: `opus`, `sonnet`/)
  expect(await say('/settings show')).toBe(said)
  expect(await say('/settings set clear:models')).toMatch(/`models`: all/)
  expect(await kit.store.settings(kit.guildId)).toMatchObject({ models: [], max_cost: 0.5, person_per_day: 3 })
})

test('only those who may manage the server see and change them', async () => {
  for (const text of ['/settings show', '/settings set max_cost:9'])
    expect(await say(text, { user: 'ben' })).toMatch(/manage the server/)
  expect((await kit.store.settings(kit.guildId)).max_cost).toBeNull()
})

test.each([
  ['an unknown role', 'starters:wizards', /no role "wizards"/],
  ['an unknown model', 'models:opus, sonett', /sonett.*sonnet/],
  ['a negative budget', 'max_cost:-3', /max_cost.*not -3/],
  ['nothing', '', /Name what to set/],
])('%s changes nothing', async (_, options, sentence) => {
  const before = await kit.store.settings(kit.guildId)
  expect(await say(`/settings set ${options}`)).toMatch(sentence)
  expect(await kit.store.settings(kit.guildId)).toEqual(before)
})

test('roles named in starters may start runs, and those who manage the server', async () => {
  await say('/settings set starters:Backrooms')
  expect(await say(START, { user: 'ben' })).toMatch(/only Backrooms may start runs/i)
  expect(await say(START)).toMatch(/begins in/)
})

test('models, default channel and max_cost hold for a start', async () => {
  await say('/settings set models:opus, sonnet max_cost:0.5 default_channel:general')
  expect(await say('/backrooms start opus haiku roleplay')).toMatch(/`haiku` may not be used/)
  expect(await say('/backrooms start lm1:opus template:roleplay max_cost:3')).toMatch(/at most \$0\.50/)
  const run = await kit.run(START)
  expect(run).toMatchObject({ channel_id: kit.channels.general, spec: { max_cost: 0.5 } })
  const less = await kit.run(`${START} max_cost:0.1`)
  expect(less.spec.max_cost).toBe(0.1)
  expect(await say('/backrooms fork max_cost:7', { channel: run.thread_id as string })).toMatch(/at most \$0\.50/)
})

test('a start that may cost more than the amount asks, and one yes starts one run', async () => {
  await say('/settings set ask_above:1')
  const before = (await kit.store.runs({})).length
  const asked = (await kit.type(START)).response as Message
  expect(asked.content).toMatch(/may cost \$\d+\.\d+ to \$2\.00, more than \$1\.00/)
  expect(await kit.store.runs({})).toHaveLength(before)
  const buttons = asked.components.flatMap(({ components }) => components)
  const [yes, no] = buttons.map(({ custom_id }) => custom_id) as [string, string]
  const answers = await Promise.all([kit.press(asked, yes), kit.press(asked, yes)])
  expect(answers.map(({ response }) => response?.content).sort()).toEqual([
    expect.stringMatching(/^It begins in/),
    expect.stringMatching(/^That question is over/),
  ])
  expect(await kit.store.runs({})).toHaveLength(before + 1)
  expect((await kit.press(asked, no)).response?.content).toMatch(/over/)

  const again = (await kit.type(START)).response as Message
  const leave = again.components[0]?.components[1]?.custom_id as string
  expect((await kit.press(again, leave)).response?.content).toMatch(/nothing was spent/)
  expect(await kit.store.runs({})).toHaveLength(before + 1)
  expect(await say(`${START} max_cost:0.9`)).toMatch(/begins in/)
})

test("a start is refused while a day's cap is reached", async () => {
  const run = await kit.run(START)
  const usage = { input: 1, cached: 0, written: 0, output: 1, cost: 4 }
  await kit.store.change(run.id, () => ({ charges: [{ purpose: 'turn', model: 'opus', usage }] }))
  await say('/settings set person_per_day:3')
  const before = (await kit.store.runs({})).length
  expect(await say(START)).toMatch(/cap of \$3 per person and day/)
  expect(await kit.store.runs({})).toHaveLength(before)
})

test('a thread that is slow to open is announced as on its way', async () => {
  const slow = await startKit({ postman: false })
  try {
    const { response } = await slow.type(START)
    expect(response?.content).toMatch(/on its way to <#/)
  } finally {
    await slow.close()
  }
})
