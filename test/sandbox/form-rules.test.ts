import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ALL_PERMISSIONS, PERMISSIONS } from '../../src/sandbox/core/permissions.ts'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit({ permissions: ALL_PERMISSIONS & ~PERMISSIONS.administrator })
})
afterEach(() => k.close())

const row = (...components: object[]) => ({ type: 1, components })
const label = (component: object) => ({ type: 18, label: 'l', component })
const options = (...values: string[]) => values.map((value) => ({ label: value, value }))
const button = (more: object) => ({ type: 2, style: 1, label: 'b', ...more })

describe('a message', () => {
  test.each<[string, object[]]>([
    ['an id twice', [row(button({ custom_id: 'a', id: 7 }), button({ custom_id: 'b', id: 7 }))]],
    [
      'more options chosen than can be',
      [row({ type: 3, custom_id: 's', options: options('a', 'b').map((o) => ({ ...o, default: true })) })],
    ],
    [
      'more people chosen than can be',
      [row({ type: 5, custom_id: 's', default_values: ['1', '2'].map((id) => ({ id, type: 'user' })) })],
    ],
    ['a file from elsewhere', [{ type: 13, file: { url: 'https://example.com/a.txt' } }]],
  ])('is refused for %s', async (_, components) => {
    const body = { components, flags: 32768 }
    const refused = await k.api('POST', `/channels/${k.channel('general')}/messages`, body)
    expect([refused.status, refused.body.code]).toEqual([400, 50035])
  })

  test('may have several components of id 0', async () => {
    const components = [row(button({ custom_id: 'a', id: 0 }), button({ custom_id: 'b', id: 0 }))]
    const sent = await k.api('POST', `/channels/${k.channel('general')}/messages`, { content: 'x', components })
    expect(sent.status).toBe(200)
  })
})

describe('a modal', () => {
  const open = async (components: object[]) => {
    await k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [{ name: 'form', description: 'd' }])
    const answered = new Promise<{ status: number; body: { code?: number } }>((resolve) => {
      k.sandbox.world.subscribe(({ t, d }) => {
        if (t !== 'INTERACTION_CREATE') return
        const callback = { type: 9, data: { custom_id: 'm', title: 'M', components } }
        void k.api('POST', `/interactions/${d.id}/${d.token}/callback`, callback).then(resolve)
      })
    })
    k.sandbox.world.limits.doorAcknowledge = 200
    await k.door('POST', '/sandbox/commands', { text: '/form', channel: 'general', user: 'ada' })
    return answered
  }
  const text = (more: object) => ({ type: 4, custom_id: 't', style: 1, ...more })
  const choice = (more: object) => ({ type: 3, custom_id: 's', options: options('a', 'b'), ...more })

  test.each<[string, object[]]>([
    ['six fields', Array.from({ length: 6 }, (_, n) => label(text({ custom_id: `t${n}` })))],
    ['a custom_id twice', [label(text({})), label(text({}))]],
    [
      'an id twice',
      [
        { ...label(text({})), id: 3 },
        { ...label(text({ custom_id: 'u' })), id: 3 },
      ],
    ],
    ['lengths that exclude each other', [label(text({ min_length: 5, max_length: 4 }))]],
    ['a text longer than it may be', [label(text({ max_length: 2, value: 'long' }))]],
    ['two fields in a row', [row(text({ label: 'a' }), text({ custom_id: 'u', label: 'b' }))]],
    ['a field in a row without a label', [row(text({}))]],
    ['a label twice', [label(text({ label: 'again' }))]],
    ['a disabled select', [label(choice({ disabled: true }))]],
    ['a required select that needs no answer', [label(choice({ min_values: 0 }))]],
    ['two choices of one value', [label({ type: 21, custom_id: 'r', options: options('a', 'a') })]],
    [
      'two radio buttons chosen',
      [label({ type: 21, custom_id: 'r', options: options('a', 'b').map((o) => ({ ...o, default: true })) })],
    ],
  ])('is refused for %s', async (_, components) => {
    expect(await open(components)).toMatchObject({ status: 400, body: { code: 50035 } })
  })

  test('of every kind of field is opened', async () => {
    const { status } = await open([
      label(text({ min_length: 1, max_length: 20, value: 'v' })),
      label(choice({ min_values: 0, required: false })),
      label({ type: 21, custom_id: 'r', options: options('a', 'b') }),
      label({ type: 22, custom_id: 'c', options: options('a', 'b') }),
      row(text({ custom_id: 'u', label: 'old' })),
    ])
    expect(status).toBe(204)
  })
})

describe('a command', () => {
  const put = (...optionsOf: object[]) =>
    k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [
      { name: 'one', description: 'd', options: optionsOf },
    ])
  const option = (type: number, more: object) => ({ type, name: 'a', description: 'd', ...more })

  test.each<[string, object]>([
    ['a choice of 101 characters', option(3, { choices: [{ name: 'x', value: 'x'.repeat(101) }] })],
    ['a fraction for an integer', option(4, { choices: [{ name: 'x', value: 1.5 }] })],
    ['text for a number', option(10, { choices: [{ name: 'x', value: '1' }] })],
    [
      'a blank choice in another language',
      option(3, { choices: [{ name: 'x', value: 'x', name_localizations: { de: ' ' } }] }),
    ],
    ['an upper-case name in another language', option(3, { name_localizations: { de: 'Eins' } })],
    ['a blank description in another language', option(3, { description_localizations: { de: ' ' } })],
    ['choices of a person', option(6, { choices: [{ name: 'x', value: 'x' }] })],
    ['the length of a number', option(4, { max_length: 3 })],
    ['the size of a text', option(3, { max_value: 3 })],
    ['kinds of channel for a text', option(3, { channel_types: [0] })],
    ['a bound of an integer that is none', option(4, { min_value: 0.5 })],
    ['an empty group', option(2, { options: [] })],
  ])('is refused for %s', async (_, wrong) => {
    expect((await put(wrong)).body.code).toBe(50035)
  })
})

describe('an answer to autocomplete', () => {
  const ask = async (type: number, choices: object[]) => {
    await k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [
      { name: 'pick', description: 'd', options: [{ type, name: 'a', description: 'd', autocomplete: true }] },
    ])
    let token = ''
    const answered = new Promise<{ status: number; body: { errors?: object } }>((resolve) => {
      k.sandbox.world.subscribe(({ t, d }) => {
        if (t !== 'INTERACTION_CREATE') return
        token = String(d.token)
        const callback = { type: 8, data: { choices } }
        void k.api('POST', `/interactions/${d.id}/${d.token}/callback`, callback).then(resolve)
      })
    })
    k.sandbox.world.limits.doorAcknowledge = 200
    await k.door('POST', '/sandbox/autocomplete', { text: '/pick 1', channel: 'general', user: 'ada' })
    return { answer: await answered, token }
  }

  test.each<[string, number, object[], object]>([
    [
      '26 choices',
      3,
      Array.from({ length: 26 }, (_, n) => ({ name: `${n}`, value: `${n}` })),
      { data: { choices: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } } },
    ],
    ['text for an integer', 4, [{ name: 'x', value: 'x' }], { data: { choices: { 0: { value: {} } } } }],
    ['a fraction for an integer', 4, [{ name: 'x', value: 1.5 }], { data: { choices: { 0: { value: {} } } } }],
    ['a number for a text', 3, [{ name: 'x', value: 1 }], { data: { choices: { 0: { value: {} } } } }],
    ['101 characters', 3, [{ name: 'x', value: 'x'.repeat(101) }], { data: { choices: { 0: { value: {} } } } }],
    ['a blank name', 3, [{ name: ' ', value: 'x' }], { data: { choices: { 0: { name: {} } } } }],
  ])('is refused for %s, by name', async (_, type, choices, errors) => {
    const { answer } = await ask(type, choices)
    expect(answer).toMatchObject({ status: 400, body: { errors } })
  })

  test('is followed by no message', async () => {
    const { answer, token } = await ask(3, [{ name: 'x', value: 'x' }])
    expect(answer.status).toBe(204)
    const followed = await k.api('POST', `/webhooks/${k.sandbox.applicationId}/${token}`, { content: 'x' })
    expect(followed.body.code).toBe(10015)
  })
})

describe('channels and threads', () => {
  const change = (name: string, body: object) => k.api('PATCH', `/channels/${k.channel(name)}`, body)
  const tags = (...names: string[]) => names.map((name) => ({ name }))

  test('have topics, parents, tags and flags that fit them', async () => {
    const codes = [
      await change('general', { topic: 'x'.repeat(1025) }),
      await change('general', { parent_id: k.channel('status') }),
      await change('general', { parent_id: '1' }),
      await change('general', { name: '  ' }),
      await change('general', { flags: 16 }),
      await change('archive', { available_tags: tags('x'.repeat(21)) }),
      await change('archive', { available_tags: tags('a', 'a') }),
      await change('archive', { available_tags: [{ name: 'a', emoji_id: '1', emoji_name: '🚪' }] }),
      await change('archive', { available_tags: [{ id: '5', name: 'a' }] }),
    ].map(({ body }) => body.code)
    expect(codes).toEqual(Array.from({ length: 9 }, () => 50035))
    expect((await change('general', { available_tags: tags('a') })).body.code).toBe(50024)
    const many = tags(...Array.from({ length: 21 }, (_, n) => `t${n}`))
    expect([30048, 50035]).toContain((await change('archive', { available_tags: many })).body.code)
    expect(
      (await change('archive', { topic: 'x'.repeat(1025), available_tags: tags('a', 'b'), flags: 16 })).status,
    ).toBe(200)
    const { body: category } = await k.api('POST', `/guilds/${k.sandbox.guildId}/channels`, { name: 'C', type: 4 })
    expect((await change('general', { parent_id: category.id })).body.parent_id).toBe(category.id)
  })

  test('have names and flags of their own', async () => {
    const at = `/channels/${k.channel('general')}/threads`
    expect((await k.api('POST', at, { name: ' ', type: 11 })).body.code).toBe(50035)
    const { body: thread } = await k.api('POST', at, { name: 't', type: 11 })
    expect((await k.api('PATCH', `/channels/${thread.id}`, { flags: 2 })).body.code).toBe(50024)
    expect((await k.api('PATCH', `/channels/${thread.id}`, { applied_tags: ['1'] })).body.code).toBe(50024)
    const made = await k.api('POST', `/channels/${k.channel('archive')}/threads`, {
      name: 'p',
      message: { content: 'x' },
    })
    expect((await k.api('PATCH', `/channels/${made.body.id}`, { flags: 2 })).body.flags).toBe(2)
  })
})
