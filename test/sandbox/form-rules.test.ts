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

test('each component gets an id of its own, where 0 is none', async () => {
  const ids = (list: { id: number; components?: object[]; component?: object }[]): number[] =>
    list.flatMap((each) => [
      each.id,
      ...ids((each.components ?? []) as Parameters<typeof ids>[0]),
      ...(each.component ? ids([each.component as Parameters<typeof ids>[0][0]]) : []),
    ])
  const components = [
    row(button({ custom_id: 'a', id: 0 }), button({ custom_id: 'b', id: 2 })),
    row(button({ custom_id: 'c' })),
  ]
  const sent = await k.api('POST', `/channels/${k.channel('general')}/messages`, { content: 'x', components })
  expect(ids(sent.body.components)).toEqual([1, 3, 2, 4, 5])

  await k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [{ name: 'form', description: 'd' }])
  let filled: Parameters<typeof ids>[0] = []
  k.onInteraction((interaction) => {
    if (interaction.type === 5) {
      filled = interaction.data.components
      return { type: 4, data: { content: 'thanks' } }
    }
    const text = (more: object) => ({ type: 4, style: 1, required: false, ...more })
    const fields = [
      { type: 10, content: 'words', id: 0 },
      label(text({ custom_id: 'a', id: 0 })),
      row(text({ custom_id: 'b', label: 'l' })),
    ]
    return { type: 9, data: { custom_id: 'm', title: 'M', components: fields } }
  })
  await k.door('POST', '/sandbox/commands', { text: '/form', channel: 'general', user: 'ada' })
  await k.door('POST', '/sandbox/modals', { custom_id: 'm', fields: {}, user: 'ada' })
  expect(ids(filled)).toEqual([1, 2, 3, 4, 5])
})

describe('a select of what the server has', () => {
  const choose = async (select: object, value: string) => {
    const { body } = await k.api('POST', `/channels/${k.channel('general')}/messages`, {
      components: [row({ custom_id: 's', ...select })],
    })
    let seen: { values: string[]; resolved: Record<string, object> } | undefined
    k.onInteraction(({ data }) => {
      seen = data
      return { type: 4, data: { content: 'seen' } }
    })
    const chosen = await k.door('POST', '/sandbox/components', {
      message_id: body.id,
      custom_id: 's',
      values: [value],
      user: 'ada',
    })
    return { status: chosen.status, reason: chosen.body.reason, seen }
  }

  test.each<[string, object, () => string]>([
    ['nobody', { type: 5 }, () => 'zork'],
    ['what every object has', { type: 5 }, () => 'constructor'],
    ['a role among people', { type: 5 }, () => k.sandbox.guildId],
    ['a person among roles', { type: 6 }, () => k.sandbox.world.people.ben ?? ''],
    ['a channel among people and roles', { type: 7 }, () => k.channel('general')],
    ['a text channel among forums', { type: 8, channel_types: [15] }, () => k.channel('general')],
  ])('refuses %s', async (_, select, value) => {
    const { status, reason, seen } = await choose(select, value())
    expect([status, reason, seen]).toEqual([400, expect.stringContaining(`no choice ${value()}`), undefined])
  })

  test('takes what it offers', async () => {
    const ben = k.sandbox.world.people.ben ?? ''
    expect((await choose({ type: 7 }, ben)).seen).toMatchObject({ values: [ben], resolved: { users: { [ben]: {} } } })
    const general = k.channel('general')
    expect((await choose({ type: 8 }, general)).seen).toMatchObject({ resolved: { channels: { [general]: {} } } })
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

describe('the answer to a modal', () => {
  // biome-ignore lint/suspicious/noExplicitAny: an interaction's payload
  const fill = async (components: object[], fields: object): Promise<{ reason?: string; data?: any }> => {
    await k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [{ name: 'form', description: 'd' }])
    let data: unknown
    k.sandbox.world.subscribe(({ t, d }) => {
      if (t === 'INTERACTION_CREATE' && d.type === 5) data = d.data
    })
    k.onInteraction((d) =>
      d.type === 5
        ? { type: 4, data: { content: 'x' } }
        : { type: 9, data: { custom_id: 'm', title: 'M', components: components.map(label) } },
    )
    expect((await k.door('POST', '/sandbox/commands', { text: '/form', channel: 'general' })).status).toBe(200)
    const answer = await k.door('POST', '/sandbox/modals', { custom_id: 'm', fields })
    return { reason: answer.body.reason, data }
  }
  const parts = (data: { components: { component: object }[] }) => data.components.map(({ component }) => component)
  const radio = { type: 21, custom_id: 'r', options: options('a', 'b') }
  const group = { type: 22, custom_id: 'g', options: options('a', 'b', 'c'), max_values: 2 }
  const box = { type: 23, custom_id: 'b' }

  test('holds each kind of field in its own form', async () => {
    const { people } = k.sandbox.world
    const { data } = await fill([radio, group, box, { type: 5, custom_id: 'u' }, { type: 19, custom_id: 'f' }], {
      r: 'b',
      g: ['a', 'c'],
      b: true,
      u: [people.ben],
      f: [{ name: 'a.txt', base64: Buffer.from('words').toString('base64') }],
    })
    const [file] = Object.values(data.resolved.attachments) as { id: string; filename: string; url: string }[]
    expect(parts(data)).toMatchObject([
      { type: 21, value: 'b' },
      { type: 22, values: ['a', 'c'] },
      { type: 23, value: true },
      { type: 5, values: [people.ben] },
      { type: 19, values: [file?.id] },
    ])
    expect(data.resolved.users[people.ben ?? '']).toMatchObject({ username: 'ben' })
    expect(await (await fetch(file?.url ?? '')).text()).toBe('words')
  })

  test('is as the bot set it where the person leaves it', async () => {
    const preset = { ...radio, options: [{ label: 'a', value: 'a', default: true }, ...options('b')] }
    const { data } = await fill([preset, { ...group, required: false }, { ...box, default: true }], {})
    expect(parts(data)).toMatchObject([{ value: 'a' }, { values: [] }, { value: true }])
  })

  test('has no value where nothing of one is chosen', async () => {
    const { data } = await fill([{ ...radio, required: false }], {})
    expect(parts(data)).toMatchObject([{ type: 21, value: null }])
  })

  test.each<[string, object, object, string]>([
    ['a choice that is none', radio, { r: 'z' }, 'no choice z'],
    ['none where one is needed', radio, {}, 'The field r is required.'],
    ['more than it takes', group, { g: ['a', 'b', 'c'] }, 'takes 1 to 2'],
    ['two of one', radio, { r: ['a', 'b'] }, 'takes 1'],
    ['words for a yes or no', box, { b: 'perhaps' }, 'true or false'],
    ['a person who is not here', { type: 5, custom_id: 'u' }, { u: ['1'] }, 'no choice 1'],
    ['words for a file', { type: 19, custom_id: 'f' }, { f: ['a.txt'] }, 'takes files'],
  ])('is refused with %s', async (_, component, fields, reason) => {
    expect((await fill([component], fields)).reason).toContain(reason)
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
    ['a language that does not exist', option(3, { name_localizations: { klingon: 'a' } })],
    ['a description in such a language', option(3, { description_localizations: { zz: 'a' } })],
    [
      'a choice in such a language',
      option(3, { choices: [{ name: 'x', value: 'x', name_localizations: { EN: 'x' } }] }),
    ],
    ['a required subcommand', option(1, { required: true })],
    ['a bound beyond every number', option(10, { max_value: 2 ** 60 })],
    ['a kind of file that is none', option(11, { file_types: ['pdf'] })],
    ['kinds of file for a text', option(3, { file_types: ['.pdf'] })],
  ])('is refused for %s', async (_, wrong) => {
    expect((await put(wrong)).body.code).toBe(50035)
  })
})

describe('a command in several languages', () => {
  const at = () => `/applications/${k.sandbox.applicationId}/commands`
  const post = (command: object) => k.api('POST', at(), { name: 'one', description: 'd', ...command })
  const problem = { _errors: [{ code: 'ENUM_TYPE_COERCE' }] }

  test.each<[string, object, object]>([
    ['a name', { name_localizations: { klingon: 'a' } }, { name_localizations: { klingon: problem } }],
    ['a description', { description_localizations: { zz: 'a' } }, { description_localizations: { zz: problem } }],
    [
      "a menu's name",
      { type: 3, description: '', name_localizations: { 'en-UK': 'A' } },
      { name_localizations: { 'en-UK': problem } },
    ],
  ])('is refused for %s in one that is none', async (_, wrong, errors) => {
    const { status, body } = await post(wrong)
    expect([status, body.code]).toEqual([400, 50035])
    expect(body.errors).toMatchObject(errors)
  })

  test('is taken in every one that Discord has', async () => {
    const locales =
      'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'
    const name_localizations = Object.fromEntries(locales.split(' ').map((locale) => [locale, 'eins']))
    expect((await post({ name_localizations })).status).toBe(201)
    expect((await post({ type: 2, description: '', name_localizations: { de: 'Ein Name' } })).status).toBe(201)
  })

  test("is refused when two options share a name in one, or one has another's own name", async () => {
    const option = (name: string, localized: object) => ({
      type: 3,
      name,
      description: 'd',
      name_localizations: localized,
    })
    const wrong = async (...options: object[]) => (await post({ options })).body.errors?.options
    expect(await wrong(option('a', { de: 'x' }), option('b', { de: 'x' }))).toMatchObject({
      1: { name_localizations: { de: { _errors: [{ code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID' }] } } },
    })
    expect(await wrong(option('a', { de: 'b' }), option('b', {}))).toMatchObject({
      0: { name_localizations: { de: {} } },
    })
    expect(await wrong(option('a', { de: 'x' }), option('b', { fr: 'x' }))).toBeUndefined()
  })

  test('counts the longest of its texts towards its size, once', async () => {
    const choices = (name_localizations: object) =>
      Array.from({ length: 25 }, (_, n) => ({ name: `${n}`, value: n, name_localizations }))
    const options = (localized: object) =>
      Array.from({ length: 4 }, (_, n) => ({ type: 4, name: `o${n}`, description: 'd', choices: choices(localized) }))
    // 4 x 25 names of 78 characters and a few more are within 8,000, in two languages too; of 80 they are not.
    expect((await post({ options: options({ de: 'x'.repeat(78), fr: 'y'.repeat(78) }) })).status).toBe(201)
    const large = await post({ options: options({ de: 'x'.repeat(80) }) })
    expect(large.body.errors._errors).toMatchObject([{ code: 'APPLICATION_COMMAND_TOO_LARGE' }])
  })

  test("is listed in the asker's own, and with all when that is asked for", async () => {
    await post({
      name_localizations: { de: 'eins', 'en-GB': 'won' },
      options: [{ type: 3, name: 'a', description: 'd', description_localizations: { de: 'Wort' } }],
    })
    const list = async (query: string, headers = {}) => (await k.api('GET', at() + query, undefined, headers)).body[0]
    const german = await list('', { 'x-discord-locale': 'de' })
    expect(german).toMatchObject({ name: 'one', name_localized: 'eins', options: [{ description_localized: 'Wort' }] })
    expect(german).not.toHaveProperty('name_localizations')
    expect(await list('', { 'accept-language': 'en-US,en;q=0.9' })).toMatchObject({ name_localized: 'won' })
    expect(await list('')).not.toHaveProperty('name_localized')
    expect(await list('?with_localizations=true')).toMatchObject({ name_localizations: { de: 'eins' } })
    expect(k.violations()).toEqual([])
  })
})

describe('a kind of command', () => {
  const at = () => `/applications/${k.sandbox.applicationId}`
  const post = (command: object) => k.api('POST', `${at()}/commands`, { name: 'one', description: 'd', ...command })

  test.each<[string, object]>([
    ['an entry point of an application without an Activity', { type: 4, description: '' }],
    ['a handler of something else', { handler: 1 }],
    ['an installation that the application does not offer', { integration_types: [0, 1] }],
    ['no installation at all', { integration_types: [] }],
    ['no context at all', { contexts: [] }],
    ['a context that is none', { contexts: [3] }],
    ['a blank name in a menu', { type: 3, description: '', name: ' ' }],
    ['a description in a menu', { type: 2 }],
    ['options in a menu', { type: 2, description: '', options: [{ type: 3, name: 'a', description: 'd' }] }],
  ])('is refused for %s', async (_, wrong) => {
    expect((await post(wrong)).body.code).toBe(50035)
  })

  test("has no contexts of its own among a server's", async () => {
    const path = `${at()}/guilds/${k.sandbox.guildId}/commands`
    const { body } = await k.api('POST', path, {
      name: 'one',
      description: 'd',
      contexts: [1],
      integration_types: [0, 1],
    })
    expect(body).toMatchObject({ contexts: null, integration_types: [0] })
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
