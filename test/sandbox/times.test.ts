import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeAll(async () => {
  k = await kit()
})
afterAll(() => k.close())

const send = (timestamp: string) =>
  k.api('POST', `/channels/${k.channel('general')}/messages`, { embeds: [{ title: 't', timestamp }] })

test.each([
  ['2026-11-22T19:55:40.123456+00:00', '2026-11-22T19:55:40.123000+00:00'],
  ['2026-11-22T19:55:40+00:00', '2026-11-22T19:55:40.000000+00:00'],
  ['2026-11-22T19:55:40+02:00', '2026-11-22T17:55:40.000000+00:00'],
  ['2026-11-22T19:55:40.123Z', '2026-11-22T19:55:40.123000+00:00'],
])('%s is a time, answered as Discord writes it', async (given, shown) => {
  const sent = await send(given)
  expect([sent.status, sent.body.embeds[0].timestamp]).toEqual([200, shown])
})

test.each(['yesterday', '2026-11-22', '2026-13-22T19:55:40Z', '1795377340'])('%s is none', async (given) => {
  const refused = await send(given)
  expect(refused.body.errors).toMatchObject({
    embeds: { 0: { timestamp: { _errors: [{ code: 'DATE_TIME_TYPE_PARSE' }] } } },
  })
})

test('times in answers have microseconds and an offset', async () => {
  const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/
  const { body: message } = await send('2026-11-22T19:55:40Z')
  expect(message.timestamp).toMatch(written)
  const edited = await k.api('PATCH', `/channels/${message.channel_id}/messages/${message.id}`, { content: 'y' })
  expect(edited.body.edited_timestamp).toMatch(written)
  const thread = await k.api('POST', `/channels/${message.channel_id}/messages/${message.id}/threads`, { name: 't' })
  expect(thread.body.thread_metadata.create_timestamp).toMatch(written)
  const member = await k.api('GET', `/guilds/${k.sandbox.guildId}/members/${k.sandbox.world.bot.id}`)
  expect(member.body.joined_at).toMatch(written)
})
