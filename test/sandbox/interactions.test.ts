import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit()
  await k.api('PUT', `/applications/${k.sandbox.applicationId}/guilds/${k.sandbox.guildId}/commands`, COMMANDS)
})
afterEach(() => k.close())

const COMMANDS = [
  {
    name: 'ask',
    description: 'asks',
    options: [
      { type: 3, name: 'what', description: 'what', required: true, autocomplete: true, max_length: 20 },
      { type: 4, name: 'times', description: 'times', min_value: 1, max_value: 3 },
      {
        type: 3,
        name: 'tone',
        description: 'tone',
        choices: [
          { name: 'Loud', value: 'loud' },
          { name: 'Soft', value: 'soft' },
        ],
      },
      { type: 5, name: 'now', description: 'now' },
      { type: 6, name: 'who', description: 'who' },
      { type: 7, name: 'where', description: 'where', channel_types: [15] },
      { type: 11, name: 'file', description: 'file' },
    ],
  },
  { name: 'Quote', type: 3 },
  { name: 'rule', description: 'rules', default_member_permissions: '32' },
]

const type = (text: string, more: object = {}) =>
  k.door('POST', '/sandbox/commands', { text, channel: 'general', user: 'ada', ...more })

describe('a slash command', () => {
  test('reaches the bot with typed values, and the reply comes back', async () => {
    let seen: unknown
    k.onInteraction((interaction) => {
      seen = interaction
      return { type: 4, data: { content: 'yes' } }
    })
    const file = { name: 'n.txt', base64: Buffer.from('hi').toString('base64') }
    const answer = await type('/ask "deep water" times:2 tone:Loud now:true who:@ben where:archive', {
      attachments: [file],
    })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ channel_id: k.channel('general'), response: { content: 'yes', type: 20 } })
    expect(seen).toMatchObject({
      type: 2,
      guild_id: k.sandbox.guildId,
      member: { user: { username: 'ada' } },
      data: {
        name: 'ask',
        options: [
          { name: 'what', value: 'deep water' },
          { name: 'times', value: 2 },
          { name: 'tone', value: 'loud' },
          { name: 'now', value: true },
          { name: 'who', value: k.sandbox.world.people.ben },
          { name: 'where', value: k.channel('archive') },
          { name: 'file' },
        ],
        resolved: { users: { [k.sandbox.world.people.ben ?? '']: { username: 'ben' } } },
      },
    })
    expect(k.violations()).toEqual([])
  })

  test.each([
    ['/ask', 'what is required'],
    ['/ask what:x times:4', 'at most 3'],
    ['/ask what:x times:1.5', 'whole number'],
    ['/ask what:x tone:odd', 'one of Loud, Soft'],
    ['/ask what:x now:maybe', 'true or false'],
    ['/ask what:x who:nobody', 'names nobody'],
    ['/ask what:x where:general', 'channel of that kind'],
    [`/ask what:${'x'.repeat(21)}`, 'at most 20'],
    ['/unknown', 'no command'],
  ])('is not sent as %s', async (text, reason) => {
    const answer = await type(text)
    expect(answer.status).toBe(400)
    expect(answer.body.reason).toContain(reason)
  })

  test('is not sent by who may not use it, in a forum itself, or by nobody', async () => {
    expect((await type('/rule', { user: 'ben' })).body.reason).toContain('may not use /rule')
    expect((await type('/ask x', { channel: 'archive' })).body.reason).toContain('forum')
    expect((await type('/ask x', { user: 'dora' })).body.reason).toContain('nobody called dora')
    expect((await type('/ask x', { channel: 'nowhere' })).body.reason).toContain('no channel called nowhere')
  })

  test('that nobody acknowledges in time is answered 504, and its token is dead', async () => {
    k.sandbox.world.limits.doorAcknowledge = 20
    let late: { id: string; token: string } | undefined
    k.onInteraction((interaction) => {
      late = interaction
      return undefined
    })
    expect((await type('/ask x')).status).toBe(504)
    k.pass(3001)
    const callback = await k.api('POST', `/interactions/${late?.id}/${late?.token}/callback`, { type: 5 })
    expect([callback.status, callback.body.code]).toEqual([404, 10062])
  })
})

describe('an answer', () => {
  let interaction: { id: string; token: string }
  let hook: string
  const begin = async (callback: object, query = '') => {
    const answered = new Promise<{ status: number; body: unknown }>((resolve) => {
      k.onInteraction((received) => {
        interaction = received
        hook = `/webhooks/${k.sandbox.applicationId}/${received.token}`
        void k.api('POST', `/interactions/${received.id}/${received.token}/callback${query}`, callback).then(resolve)
        return undefined
      })
    })
    const typed = type('/ask x')
    return { answered: await answered, typed }
  }

  test('with_response carries the message; a second is refused with 40060', async () => {
    const { answered, typed } = await begin({ type: 4, data: { content: 'a' } }, '?with_response=true')
    expect(answered).toMatchObject({ status: 200, body: { resource: { type: 4, message: { content: 'a' } } } })
    const again = await k.api('POST', `/interactions/${interaction.id}/${interaction.token}/callback`, {
      type: 4,
      data: { content: 'b' },
    })
    expect([again.status, again.body.code]).toEqual([400, 40060])
    await typed
  })

  test('deferred is loading until edited; @original may be percent-encoded', async () => {
    const { typed } = await begin({ type: 5, data: { flags: 64 } })
    const waiting = await k.api('GET', `${hook}/messages/@original`)
    expect(waiting.body.flags).toBe(64 | 128)
    const edited = await k.api('PATCH', `${hook}/messages/%40original`, { content: 'done' })
    expect(edited.body).toMatchObject({ content: 'done', flags: 64 })
    expect((await typed).body.response.content).toBe('done')
    const forBen = await k.door('GET', '/sandbox/channels/general/messages?user=ben')
    const forAda = await k.door('GET', '/sandbox/channels/general/messages?user=ada')
    expect([forBen.body.length, forAda.body.length]).toEqual([0, 1])
  })

  test('is followed up, edited and deleted for fifteen minutes', async () => {
    const { typed } = await begin({ type: 4, data: { content: 'a' } })
    await typed
    const more = await k.api('POST', hook, { content: 'more', flags: 64 })
    expect(more.body).toMatchObject({ content: 'more', flags: 64 })
    expect((await k.api('PATCH', `${hook}/messages/${more.body.id}`, { content: 'other' })).body.content).toBe('other')
    expect((await k.api('DELETE', `${hook}/messages/@original`)).status).toBe(204)
    expect((await k.api('GET', `${hook}/messages/@original`)).body.code).toBe(10008)
    k.pass(15 * 60_000 + 1)
    const late = await k.api('POST', hook, { content: 'late' })
    expect([late.status, late.body.code]).toEqual([401, 50027])
  })

  test('before it is given, its webhook is unknown', async () => {
    k.sandbox.world.limits.doorAcknowledge = 50
    const token = new Promise<string>((resolve) => {
      k.onInteraction((received) => {
        resolve(received.token)
        return undefined
      })
    })
    const typed = type('/ask x')
    expect(
      (await k.api('POST', `/webhooks/${k.sandbox.applicationId}/${await token}`, { content: 'x' })).body.code,
    ).toBe(10015)
    await typed
  })
})

describe('choices, buttons, modals and menus', () => {
  test('the last option is completed by the bot, or from its choices', async () => {
    k.onInteraction(({ data }) => {
      const focused = data.options.find((o: { focused?: boolean }) => o.focused)
      return { type: 8, data: { choices: [{ name: `${focused.value}!`, value: focused.value }] } }
    })
    const ask = async (text: string) =>
      (await k.door('POST', '/sandbox/autocomplete', { text, channel: 'general', user: 'ada' })).body
    expect(await ask('/ask wat')).toEqual([{ name: 'wat!', value: 'wat' }])
    expect(await ask('/ask what:')).toEqual([{ name: '!', value: '' }])
    expect(await ask('/ask x tone:lo')).toEqual([{ name: 'Loud', value: 'loud' }])
    expect(await ask('/ask x times:')).toEqual([])
  })

  test('a button changes its message', async () => {
    const components = [{ type: 1, components: [{ type: 2, style: 4, label: 'Stop', custom_id: 'stop' }] }]
    const panel = (await k.api('POST', `/channels/${k.channel('general')}/messages`, { content: 'panel', components }))
      .body
    k.onInteraction(({ data, message }) => ({
      type: 7,
      data: { content: `${message.content} ${data.custom_id}`, components: [] },
    }))
    const press = (custom_id: string) =>
      k.door('POST', '/sandbox/components', { message_id: panel.id, custom_id, user: 'ben' })
    expect((await press('go')).status).toBe(400)
    expect((await press('stop')).body.response).toMatchObject({ id: panel.id, content: 'panel stop', components: [] })
    expect((await press('stop')).body.reason).toContain('no component stop')
  })

  test('a modal is opened, filled and answered', async () => {
    const field = { type: 4, custom_id: 'name', style: 1, label: 'Name', min_length: 2 }
    const modal = { custom_id: 'm', title: 'T', components: [{ type: 1, components: [field] }] }
    k.onInteraction(({ type: kind, data }) => {
      if (kind === 2) return { type: 9, data: modal }
      return { type: 4, data: { content: data.components[0].components[0].value } }
    })
    expect((await type('/ask x')).body).toMatchObject({ response: null, modal: { custom_id: 'm' } })
    const submit = (fields: object) => k.door('POST', '/sandbox/modals', { custom_id: 'm', fields, user: 'ada' })
    expect((await submit({ name: 'a' })).body.reason).toContain('at least 2')
    expect((await submit({ name: 'ab', other: 'c' })).body.reason).toContain('no field other')
    expect((await submit({ name: 'Echo' })).body.response.content).toBe('Echo')
    expect((await submit({ name: 'Echo' })).body.reason).toContain('No modal m')
  })

  test("a message's menu hands the message over, with its content", async () => {
    const said = await k.door('POST', '/sandbox/channels/general/messages', { content: 'quotable', user: 'ben' })
    k.onInteraction(({ data }) => ({ type: 4, data: { content: data.resolved.messages[data.target_id].content } }))
    const quoted = await type('Quote', { target: said.body.id })
    expect(quoted.body.response).toMatchObject({ content: 'quotable', type: 23 })
  })
})

test('in a direct message there are global commands alone, and no server', async () => {
  await k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [
    { name: 'hello', description: 'd' },
    { name: 'here', description: 'd', contexts: [0] },
  ])
  k.onInteraction(({ context, guild_id, user }) => ({
    type: 4,
    data: { content: `${context} ${guild_id} ${user.username}` },
  }))
  expect((await type('/hello', { channel: 'dm' })).body.response.content).toBe('1 undefined ada')
  expect((await type('/here', { channel: 'dm' })).status).toBe(400)
  expect((await type('/ask x', { channel: 'dm' })).status).toBe(400)
})
