import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit()
})
afterEach(() => k.close())

/** Names that every plain object seems to have. */
const INHERITED = ['__proto__', 'constructor', 'toString']
const fault = { route: 'GET /channels/:id', kind: 'status', status: 500 }

describe.each(INHERITED)('a body whose key is %s', (name) => {
  test('is refused under that key, and leaves nothing behind', async () => {
    const body = `{"name":"ping","description":"d","name_localizations":{"${name}":"foo"}}`
    const refused = await k.api('POST', `/applications/${k.sandbox.applicationId}/commands`, body, {
      'content-type': 'application/json',
    })
    expect([refused.status, refused.body.code]).toEqual([400, 50035])
    expect(Object.keys(refused.body.errors.name_localizations)).toEqual([name])
    expect(Object.entries(refused.body.errors.name_localizations)).toMatchObject([[name, { _errors: [{}] }]])
    expect(({} as { _errors?: unknown })._errors).toBeUndefined()
    expect((Object as { _errors?: unknown })._errors).toBeUndefined()
    expect((await k.door('POST', '/sandbox/faults', { faults: [fault] })).status).toBe(200)
  })

  test('names nobody, and no permission', async () => {
    const said = await k.door('POST', `/sandbox/channels/${k.channel('general')}/messages`, {
      content: 'x',
      user: name,
    })
    expect([said.status, said.body.reason]).toEqual([400, expect.stringContaining(`There is nobody called ${name}.`)])
    const withdrawn = { route: '*', kind: 'permission_withdrawn', permission: name }
    expect((await k.door('POST', '/sandbox/faults', { faults: [withdrawn] })).status).toBe(400)
  })
})

test('a modal left as the bot set it, whatever its fields are called', async () => {
  await k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [{ name: 'form', description: 'd' }])
  let fields: unknown
  k.onInteraction((interaction) => {
    if (interaction.type === 5) {
      fields = interaction.data.components
      return { type: 4, data: { content: 'thanks' } }
    }
    const text = { type: 4, custom_id: 'constructor', style: 1, required: false }
    return { type: 9, data: { custom_id: 'm', title: 'M', components: [{ type: 18, label: 'l', component: text }] } }
  })
  await k.door('POST', '/sandbox/commands', { text: '/form', channel: 'general', user: 'ada' })
  await k.door('POST', '/sandbox/modals', { custom_id: 'm', fields: {}, user: 'ada' })
  expect(fields).toMatchObject([{ component: { custom_id: 'constructor', value: '' } }])
})
