import { afterEach, expect, test } from 'vitest'
import { type Kit, type Message, type Reply, startKit } from '../commands/kit.ts'

let kit: Kit

afterEach(() => kit.close())

interface Dashboard extends Message {
  embeds: { title: string; description: string; fields: { name: string; value: string }[]; footer?: { text: string } }[]
}

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000, interval: 100 })
const textOf = ({ response }: Reply) => response?.content ?? ''

async function dashboard(): Promise<Dashboard> {
  const messages = await kit.get<Dashboard[]>(`/sandbox/channels/${kit.channels.backrooms}/messages?user=ada`)
  const found = messages.find(({ embeds }) => embeds[0]?.footer?.text.startsWith('batch '))
  if (!found) throw new Error('no dashboard')
  return found
}

const field = (message: Dashboard, name: string) => message.embeds[0]?.fields.find((each) => each.name === name)?.value
const buttons = (message: Dashboard) => message.components.flatMap((row) => row.components.map(({ label }) => label))
const violations = () => kit.get<unknown[]>('/sandbox/violations')

test('/dreamsim3 query:static runs a conversation for each dream, and a dashboard tells of them', async () => {
  kit = await startKit({ answers: 1000 })
  const reply = textOf(await kit.type('/dreamsim3 query:static max_turns:1'))
  const [, id] =
    /^Batch `(\w+)` of 4 runs has begun: https:\/\/discord.com\/channels\/\d+\/\d+\/(\d+)$/.exec(reply) ?? []
  expect(id, reply).toBeDefined()
  await soon(async () => field(await dashboard(), 'State')).toBe('ended')
  const board = await dashboard()
  expect(reply).toContain(board.id)
  expect(board.embeds[0]).toMatchObject({ title: 'dreamsim3: static', footer: { text: `batch ${id}` } })
  expect(board.embeds[0]?.description).toContain('4 of 4 runs · 100 %')
  expect(field(board, 'Done')).toBe('4')
  await soon(async () => field(await dashboard(), 'Last done')).toMatch(/(<#\d+> · `max_turns`\n?){4}/)
  expect(buttons(board)).toEqual(['Manifest'])
  const manifest = await kit.press(board, `batch-manifest:${id}`)
  expect(manifest.response?.attachments[0]?.filename).toBe(`batch_${id}.json`)
  expect(await violations()).toEqual([])
})

test('what is wrong is said before anything begins', async () => {
  kit = await startKit()
  const wrong: [string, RegExp][] = [
    ['/dreamsim3 query:zebra', /query: nothing matches `zebra`/],
    ['/dreamsim3 query:wool source:nobody', /source|query/],
    ['/dreamsim3 pairs:opus:sonnet,haiku:opus,opus:nix', /pair 3: There is no model "nix"\./],
    ['/dreamsim3 models:opus mixed:all', /at least two/],
    ['/dreamsim3 models:opus pairs:opus:haiku', /leave out `models:`, or `pairs:`/],
    ['/dreamsim4 models:opus pairs:opus:haiku', /leave out `models:`, or `pairs:`/],
    ['/dreamsim3 more:order=sideways', /order/],
    ['/dreamsim3 concurrency:0', /concurrency must be a whole number from 1 to 100/],
    ['/dreamsim3 runs_per_item:0', /^\/dreamsim3: runs_per_item must be a whole number from 1, not 0\.$/],
    ['/dreamsim3 max_items:0', /^\/dreamsim3: max_items must be a whole number from 1, not 0\.$/],
    [
      `/dreamsim3 models:${Array(12).fill('x'.repeat(300)).join()}`,
      /^\/dreamsim3: model 1: There is no model "x+".*…$/s,
    ],
    ['/dreamsim3 limit:0', /^\/dreamsim3: limit must be a whole number from 1, not 0\.$/],
    ['/dreamsim3 limit:0 concurrency:0', /^\/dreamsim3: limit must be .*\n\/dreamsim3: concurrency must be .*$/],
    ['/dreamsim4 models:opus runs:0', /^\/dreamsim4: runs must be a whole number from 1, not 0\.$/],
    ['/dreamsim4', /Name `models:`/],
    ['/dreamsim4 pairs:opus:haiku runs:3', /`runs:` goes with `models:`/],
    ['/run config:nowhere', /nowhere/],
  ]
  for (const [text, why] of wrong) expect(textOf(await kit.type(text)), text).toMatch(why)
  expect(await kit.store.batches({})).toEqual([])
  expect(await kit.store.runs({})).toEqual([])
})

test('a dry run lists the exact runs and spends nothing', async () => {
  kit = await startKit()
  const reply = await kit.type('/run config:batch_dreamsim3_mixed_all dry_run:true')
  expect(textOf(reply)).toMatch(/nothing was spent:\n3 runs of `dreamsim3` from 1 item.*\n1\. `opus` × `sonnet`/)
  expect(reply.response?.attachments[0]?.filename).toBe('batch_dreamsim3_mixed_all_plan.txt')
  expect(await kit.store.batches({})).toEqual([])
})

test('a dry run of a single config tells its estimate, its watchers and its variables', async () => {
  kit = await startKit()
  const reply = await kit.type('/run config:single_gallery_profiles_media dry_run:true seed:5')
  expect(textOf(reply)).toMatch(
    /^estimate: \$.*narrators and media agents not counted · narrators: .* · media: .* · seed 5$/m,
  )
  const [file] = reply.response?.attachments ?? []
  expect(file?.filename).toBe('single_gallery_profiles_media_plan.txt')
  expect(await kit.store.runs({})).toEqual([])
})

test('/run config: says what may be meant otherwise in the file', async () => {
  kit = await startKit({ answers: 1000 })
  const { catalog } = kit.room
  const config = catalog.config.bind(catalog)
  catalog.config = (name) => ({ ...config(name), warnings: ['configs/x.json: "temprature" is not known.'] })
  for (const name of ['single_roleplay', 'batch_dreamsim4_pairs']) {
    expect(textOf(await kit.type(`/run config:${name} dry_run:true`)), name).toContain('"temprature" is not known')
    expect(textOf(await kit.type(`/run config:${name}`)), name).toMatch(/beg[iu]n.*"temprature" is not known/s)
  }
})

test('a batch that was asked for ids that are not there asks first', async () => {
  kit = await startKit({ answers: 1000 })
  expect(textOf(await kit.type('/dreamsim3 ids:d01,d99 max_turns:1'))).toMatch(
    /1 run of .*\nNot found: d99\.\nNot all that was asked for was found\. Begin\?$/s,
  )
  expect(await kit.store.batches({})).toEqual([])
})

test('a dear batch asks first, and so does one of very many runs', async () => {
  kit = await startKit()
  const settings = await kit.store.settings(kit.guildId)
  await kit.store.saveSettings(kit.guildId, { ...settings, ask_above: 0.001 })
  const dear = await kit.type('/dreamsim4 models:opus runs:2 max_turns:1 threads:none')
  expect(textOf(dear)).toMatch(
    /2 runs of `dreamsim4`.*for \$[\d.]+ to \$[\d.]+ in all.*\nThat may be more than \$0\.001\d*\. Begin\?/,
  )
  expect(await kit.store.batches({})).toEqual([])
  const yes = dear.response?.components[0]?.components[0]?.custom_id as string
  expect(textOf(await kit.press(dear.response as Message, yes))).toMatch(/^Batch `\w+` of 2 runs has begun/)
  expect(await kit.store.batches({})).toHaveLength(1)

  await kit.store.saveSettings(kit.guildId, { ...settings, ask_above: 1e6 })
  const many = await kit.type('/dreamsim4 models:opus runs:300 max_turns:1')
  expect(textOf(many)).toContain('That is a large batch. Begin?')
  expect(await kit.store.batches({})).toHaveLength(1)
})

test('its buttons hold it, for those who may', async () => {
  kit = await startKit({ answers: 0 })
  await kit.type('/dreamsim4 models:opus runs:3 max_turns:1 threads:none concurrency:1')
  const board = await dashboard()
  const id = (await kit.store.batches({}))[0]?.id
  expect(textOf(await kit.press(board, `batch-pause:${id}`, { user: 'cleo' }))).toMatch(/Only .* can pause this batch/)
  expect(textOf(await kit.press(board, `batch-pause:${id}`))).toMatch(/^Paused/)
  await soon(async () => buttons(await dashboard())).toEqual(['Resume', 'Stop', 'Manifest'])
  expect(textOf(await kit.press(board, `batch-resume:${id}`))).toBe('It goes on.')
  expect(textOf(await kit.press(board, `batch-stop:${id}`))).toMatch(/^Stopped/)
  await soon(async () => field(await dashboard(), 'State')).toBe('ended: Stopped by Ada.')
  expect(buttons(await dashboard())).toEqual(['Manifest'])
  expect(await violations()).toEqual([])
})

test('while a cap of the day is reached, Resume says so instead', async () => {
  kit = await startKit({ answers: 1000 })
  await kit.type('/settings set person_per_day:0.015')
  await kit.type('/dreamsim4 models:opus runs:2 max_turns:5 threads:none concurrency:1')
  await soon(async () => (await kit.store.batches({}))[0]?.status).toBe('paused')
  const [batch] = await kit.store.batches({})
  await soon(async () => buttons(await dashboard())).toContain('Resume')
  const told = await kit.press(await dashboard(), `batch-resume:${batch?.id}`)
  expect(textOf(told)).toContain('has reached the cap of $0.015 per person and day')
  expect((await kit.store.batches({}))[0]?.status).toBe('paused')
})

test("at Discord's limit of active threads it waits, says so, and goes on when there is room", async () => {
  kit = await startKit({ answers: 1000 })
  kit.world.limits.activeThreads = 0
  await kit.type('/dreamsim4 models:opus runs:3 max_turns:1 concurrency:2')
  await soon(async () => field(await dashboard(), 'Waiting')).toMatch(/as many active threads as Discord allows/)
  kit.world.limits.activeThreads = 1
  await soon(async () => field(await dashboard(), 'State')).toBe('ended')
  expect(field(await dashboard(), 'Done')).toBe('3')
  await soon(async () => (await kit.store.runs({})).filter((run) => run.thread_id === null)).toEqual([])
})
