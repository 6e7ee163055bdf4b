import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isEmoji } from '../../src/sandbox/core/emoji-text.ts'
import { type Kit, kit } from './rest-kit.ts'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

let k: Kit
let own: string
let moving: string
beforeAll(async () => {
  k = await kit()
  const keep = async (name: string, type: string, data: string) =>
    (
      await k.api('POST', `/applications/${k.sandbox.applicationId}/emojis`, {
        name,
        image: `data:${type};base64,${data}`,
      })
    ).body.id as string
  own = await keep('face', 'image/png', PNG)
  moving = await keep('dance', 'image/gif', GIF)
})
afterAll(() => k.close())

test.each([
  '👍',
  '👍🏽',
  '❤️',
  '❤',
  '🇩🇪',
  '🇦',
  '1️⃣',
  '1⃣',
  '🏳️‍🌈',
  '🏳‍🌈',
  '👩‍👩‍👧‍👦',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '⛹🏻‍♂️',
  '⛹‍♂',
  '©',
  '👁️‍🗨️',
  '☝🏽',
])('%s is an emoji', (text) => expect(isEmoji(text)).toBe(true))

test.each(['', '1', 'a', 'notemoji', ':smile:', '👍👍', '👍x', '👍 ', '🇩🇪🇫🇷', '\u200d', '\ufe0f', '#'])(
  '%j is none',
  (text) => expect(isEmoji(text)).toBe(false),
)

describe('on a component', () => {
  const button = (emoji: object) => ({ type: 2, style: 1, custom_id: 'b', label: 'b', emoji })
  const select = (emoji: object) => ({ type: 3, custom_id: 's', options: [{ label: 'a', value: 'a', emoji }] })
  const send = (component: object) =>
    k.api('POST', `/channels/${k.channel('general')}/messages`, { components: [{ type: 1, components: [component] }] })

  test.each<[object, string]>([
    [{ name: 'notemoji' }, 'name'],
    [{ id: null, name: '👍👍' }, 'name'],
    [{ id: '123456789012345678', name: 'face' }, 'id'],
  ])('%j is refused', async (emoji, field) => {
    const refusal = {
      emoji: { [field]: { _errors: [{ code: 'BUTTON_COMPONENT_INVALID_EMOJI', message: 'Invalid emoji' }] } },
    }
    const of = (inside: object) => ({
      status: 400,
      body: { code: 50035, errors: { components: { 0: { components: { 0: inside } } } } },
    })
    expect(await send(button(emoji))).toMatchObject(of(refusal))
    expect(await send(select(emoji))).toMatchObject(of({ options: { 0: refusal } }))
  })

  test('a character and an own one are taken, whatever the name beside an id', async () => {
    for (const emoji of [{ name: '🚪' }, { id: own, name: 'face' }, { id: moving, name: 'x', animated: true }]) {
      expect((await send(button(emoji))).status).toBe(200)
      expect((await send(select(emoji))).status).toBe(200)
    }
  })

  test('a modal’s options are looked at too', async () => {
    await k.api('PUT', `/applications/${k.sandbox.applicationId}/commands`, [{ name: 'form', description: 'd' }])
    const answered = new Promise<{ status: number; body: unknown }>((resolve) => {
      const stop = k.sandbox.world.subscribe(({ t, d }) => {
        if (t !== 'INTERACTION_CREATE') return
        stop()
        const components = [{ type: 18, label: 'l', component: select({ name: 'notemoji' }) }]
        const body = { type: 9, data: { custom_id: 'm', title: 'M', components } }
        void k.api('POST', `/interactions/${d.id}/${d.token}/callback`, body).then(resolve)
      })
    })
    k.sandbox.world.limits.doorAcknowledge = 200
    await k.door('POST', '/sandbox/commands', { text: '/form', channel: 'general', user: 'ada' })
    expect((await answered).body).toMatchObject({
      errors: { data: { components: { 0: { component: { options: { 0: { emoji: { name: {} } } } } } } } },
    })
  })
})

test.each(['notemoji', '1', '👍👍', 'face:123456789012345678'])(
  '%s is refused as a reaction with 400',
  async (text) => {
    const messages = `/channels/${k.channel('general')}/messages`
    const { body } = await k.api('POST', messages, { content: 'x' })
    const reaction = `${messages}/${body.id}/reactions`
    expect(await k.api('PUT', `${reaction}/${encodeURIComponent(text)}/@me`)).toMatchObject({
      status: 400,
      body: { message: 'Unknown Emoji', code: 10014 },
    })
    expect((await k.api('PUT', `${reaction}/${encodeURIComponent('❤️')}/@me`)).status).toBe(204)
    expect((await k.api('PUT', `${reaction}/face:${own}/@me`)).status).toBe(204)
  },
)

test('an emoji itself that is not there is 404', async () => {
  expect(await k.api('GET', `/applications/${k.sandbox.applicationId}/emojis/1`)).toMatchObject({
    status: 404,
    body: { code: 10014 },
  })
})

test('the CDN gives a picture in the sizes and formats that there are', async () => {
  const ask = async (path: string) => {
    const response = await fetch(`${k.sandbox.url}${path}`)
    await response.arrayBuffer()
    return response.status
  }
  expect(await ask(`/emojis/${own}.png`)).toBe(200)
  expect(await ask(`/emojis/${own}.webp?size=64`)).toBe(200)
  expect(await ask(`/emojis/${own}.gif`)).toBe(415)
  expect(await ask(`/emojis/${moving}.gif?size=4096`)).toBe(200)
  expect(await ask(`/emojis/${own}.exe`)).toBe(415)
  expect(await ask('/emojis/1.png')).toBe(404)
  for (const size of ['47', '8', '8192', 'x', '']) expect(await ask(`/emojis/${own}.png?size=${size}`)).toBe(400)
  expect(await ask(`/avatars/${k.sandbox.world.bot.id}/x.png?size=47`)).toBe(400)
  expect(await ask('/embed/avatars/0.png?size=47')).toBe(200)
})
