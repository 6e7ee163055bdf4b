import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArchivedRun } from '../../src/core/archive.ts'
import { type Kit, type Reply, startKit } from '../commands/kit.ts'

let kit: Kit

beforeAll(async () => {
  kit = await startKit()
  await kit.store.archive(
    [
      archived('a', { transcript: 'The lift hummed with *static*.', thread_id: '123', guild_id: kit.guildId }),
      archived('b', { prompt: 'wool', models: ['haiku'], guild_id: kit.guildId, created_at: Date.UTC(2025, 1, 1) }),
      archived('c', { transcript: 'static elsewhere', guild_id: '999' }),
    ],
    false,
  )
})
afterAll(() => kit.close())

function archived(name: string, more: Partial<ArchivedRun>): ArchivedRun {
  return {
    ...{
      log_file: `backrooms_logs/t/${name}.txt`,
      run_id: `run${name}`,
      title: `Title ${name}`,
      prompt: '',
      transcript: '',
    },
    ...{ models: ['opus', 'k2'], template: 't', max_turns: 3, created_at: Date.UTC(2026, 0, 1), duration_sec: 5 },
    ...{ exit_reason: 'max_turns', dream_id: null, source: null, guild_id: null, thread_id: null },
    ...more,
  }
}

const textOf = ({ response }: Reply) => response?.content ?? ''
const say = async (text: string) => textOf(await kit.type(text))

test('/archive search links the thread and shows the match, and nothing of other servers', async () => {
  expect(await say('/archive search query:static')).toBe(
    '1 run:\n<#123> **Title a** · `t` · opus × k2 · 2026-01-01 · `max_turns` · `runa`\n> The lift hummed with \\***static**\\*.',
  )
  expect(await say('/archive search model:haiku')).toMatch(/^1 run:\n\*\*Title b\*\*.*\n> wool/)
  expect(await say('/archive search until:2025')).toContain('Title b')
  expect(await say('/archive search query:static model:haiku')).toBe(
    'Nothing matches query `static` and model `haiku` together. Without query there is 1 run; without model there is 1 run.',
  )
  expect(await say('/archive search since:2026-13')).toMatch(/since: "2026-13" should be a day, month or year/)
  expect(await say('/archive search page:4')).toBe('There is only one page.')
})

test('/archive random says why there is none', async () => {
  expect(await say('/archive random template:nowhere')).toMatch(/^template: nothing matches `nowhere` here; without it/)
  expect(await say('/archive random end:refusal model:gpt5')).toMatch(/Without end and model|Without model and end/i)
})

test('/archive show and random bring the transcript as a file', async () => {
  const shown = await kit.type('/archive show run:runa')
  expect(textOf(shown)).toContain('**Title a**')
  expect(shown.response?.attachments.map(({ filename }) => filename)).toEqual(['a.txt'])
  expect(await say('/archive show run:runc')).toMatch(/The archive has no run `runc`/)
  expect(await say('/archive random model:haiku')).toContain('Title b')
  expect((await kit.complete('/archive show run:title')).map(({ value }) => value)).toEqual(['runa', 'runb'])
})

test('/dreams finds, shows, adds and imports', async () => {
  expect(await say('/dreams search query:static')).toMatch(
    /^5 dreams with `static`:\n`d\d\d` · \d{4}-\d\d-\d\d · \w+: .*\*\*static\*\*/,
  )
  expect(await say('/dreams show id:d01')).toContain('The lift in my old school')
  expect(await say('/dreams add text:A corridor of zebras date:2026-02-30x')).toMatch(/date: .* should be a day/)
  const [, id] = /`(x\w+)`/.exec(await say('/dreams add text:A corridor of zebras')) ?? []
  expect(await say('/dreams search query:zebra')).toContain(`\`${id}\``)
  expect(await attach('more.csv', 'id,content\nz1,"a, zebra"\nz2,\n')).toBe(
    'more.csv into the local store: 1 dream added, 1 empty and left out.',
  )
  expect(await attach('bad.csv', 'id,content\nz1,"a zebra\n')).toMatch(/^bad\.csv: line 2: a quote is opened here/)
  expect(await say('/dreams search query:zebra source:rsos')).toMatch(
    /source: nothing of `rsos`.*use `all` or `mine` as the source/,
  )
  expect(await kit.get('/sandbox/violations')).toEqual([])
})

async function attach(name: string, text: string): Promise<string> {
  const attachments = [{ name, base64: Buffer.from(text).toString('base64') }]
  const command = { text: `/dreams import file:${name}`, channel: 'backrooms', user: 'ada', attachments }
  return textOf(await kit.post('/sandbox/commands', command))
}
