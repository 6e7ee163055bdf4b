import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
let here: string
beforeEach(async () => {
  k = await kit()
  here = `/channels/${k.channel('general')}/messages`
})
afterEach(() => k.close())

const row = (...buttons: object[]) => [{ type: 1, components: buttons }]
const button = (custom_id: string) => ({ type: 2, style: 1, label: 'b', custom_id })

describe('sending', () => {
  test('answers with the message, and history gives it back newest first', async () => {
    const first = await k.api('POST', here, {
      content: 'one',
      embeds: [{ title: 't', fields: [{ name: 'n', value: 'v' }] }],
    })
    const second = await k.api('POST', here, { content: 'two', message_reference: { message_id: first.body.id } })
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('application/json')
    expect(second.body).toMatchObject({ type: 19, referenced_message: { id: first.body.id } })
    const history = await k.api('GET', here)
    expect(history.body.map((m: { content: string }) => m.content)).toEqual(['two', 'one'])
    expect(k.violations()).toEqual([])
  })

  test('pages with before, after and around', async () => {
    const ids: string[] = []
    for (const n of [1, 2, 3, 4, 5]) ids.push((await k.api('POST', here, { content: String(n) })).body.id)
    const page = async (query: string) =>
      (await k.api('GET', `${here}?${query}`)).body.map((m: { content: string }) => m.content).join('')
    expect(await page('limit=2')).toBe('54')
    expect(await page(`before=${ids[2]}&limit=2`)).toBe('21')
    expect(await page(`after=${ids[1]}&limit=2`)).toBe('43')
    expect(await page(`around=${ids[2]}&limit=3`)).toBe('432')
    expect((await k.api('GET', `${here}?limit=101`)).body.code).toBe(50035)
  })

  test('counts characters, embeds and components as Discord does', async () => {
    const code = async (body: object) => (await k.api('POST', here, body)).body.code
    expect(await code({ content: 'x'.repeat(2000) })).toBeUndefined()
    expect(await code({ content: 'x'.repeat(2001) })).toBe(50035)
    expect(await code({ content: '' })).toBe(50006)
    expect(await code({ content: ' \n' })).toBe(50006)
    const long = { description: 'x'.repeat(3001) }
    expect(await code({ embeds: [long, long] })).toBe(50035)
    expect(await code({ content: 'x', components: row(button('a'), button('a')) })).toBe(50035)
    expect(await code({ content: 'x', components: row({ type: 2, style: 1, label: 'b' }) })).toBe(50035)
    expect(await code({ content: 'x', components: row(button('a'), button('b')) })).toBeUndefined()
    expect(await code({ content: 'x', components: [{ type: 10, content: 'v2' }] })).toBe(50035)
    expect(await code({ flags: 32768, components: [{ type: 10, content: 'v2' }] })).toBeUndefined()
    expect(await code({ content: 'x', flags: 32768, components: [{ type: 10, content: 'v2' }] })).toBe(50035)
    expect(await code({ content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } })).toBe(50035)
    expect(await code({ content: 'x', embeds: [{ title: 't', url: 'data:text/plain,x' }] })).toBe(50035)
  })

  test('names the field in a refusal', async () => {
    const { status, body } = await k.api('POST', here, { content: 'x'.repeat(2001) })
    expect(status).toBe(400)
    expect(body).toEqual({
      message: 'Invalid Form Body',
      code: 50035,
      errors: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] } },
    })
    expect(k.violations()).toMatchObject([{ method: 'POST', path: here, code: 50035 }])
  })

  test('an enforced nonce is answered with the first message, for five minutes', async () => {
    const body = { content: 'once', nonce: 'delivery-1', enforce_nonce: true }
    const first = await k.api('POST', here, body)
    const again = await k.api('POST', here, body)
    expect(again.body.id).toBe(first.body.id)
    expect(first.body.nonce).toBe('delivery-1')
    k.pass(6 * 60_000)
    expect((await k.api('POST', here, body)).body.id).not.toBe(first.body.id)
    expect((await k.api('POST', here, { content: 'x', nonce: 'n'.repeat(26) })).body.code).toBe(50035)
  })

  test('pings only whom allowed_mentions lets it', async () => {
    const { ada, ben } = k.sandbox.world.people
    const content = `<@${ada}> <@${ben}> @everyone`
    const all = await k.api('POST', here, { content })
    expect(all.body).toMatchObject({ mention_everyone: true })
    expect(all.body.mentions).toHaveLength(2)
    const none = await k.api('POST', here, { content, allowed_mentions: { parse: [] } })
    expect(none.body).toMatchObject({ mention_everyone: false, mentions: [] })
    const one = await k.api('POST', here, { content, allowed_mentions: { users: [ben] } })
    expect(one.body.mentions.map((u: { id: string }) => u.id)).toEqual([ben])
  })
})

describe('editing and deleting', () => {
  test('an edit keeps what it does not name', async () => {
    const { body } = await k.api('POST', here, { content: 'a', components: row(button('x')) })
    const edited = await k.api('PATCH', `${here}/${body.id}`, { content: 'b' })
    expect(edited.body).toMatchObject({ content: 'b', components: [{ type: 1 }] })
    expect(edited.body.edited_timestamp).not.toBeNull()
    const bare = await k.api('PATCH', `${here}/${body.id}`, { components: [] })
    expect(bare.body).toMatchObject({ content: 'b', components: [] })
    expect((await k.api('PATCH', `${here}/${body.id}`, { content: '' })).body.code).toBe(50006)
  })

  test("another's message can be neither edited nor deleted", async () => {
    const said = await k.door('POST', `/sandbox/channels/general/messages`, { content: 'mine', user: 'ben' })
    expect((await k.api('PATCH', `${here}/${said.body.id}`, { content: 'x' })).body.code).toBe(50005)
    expect((await k.api('DELETE', `${here}/${said.body.id}`)).body.code).toBe(50013)
    expect((await k.api('DELETE', `${here}/1`)).body.code).toBe(10008)
  })

  test('old messages take three edits a minute', async () => {
    k.sandbox.world.limits.rates = true
    const { body } = await k.api('POST', here, { content: 'a' })
    k.pass(2 * 3600_000)
    const codes: unknown[] = []
    for (const n of [1, 2, 3, 4])
      codes.push((await k.api('PATCH', `${here}/${body.id}`, { content: String(n) })).body.code)
    expect(codes).toEqual([undefined, undefined, undefined, 30046])
    const refused = await k.api('PATCH', `${here}/${body.id}`, { content: 'x' })
    expect([refused.status, refused.headers.get('retry-after') !== null]).toEqual([429, true])
  })
})

describe('files', () => {
  const form = (payload: object, ...files: [string, string][]) => {
    const data = new FormData()
    data.set('payload_json', JSON.stringify(payload))
    files.forEach(([name, text], at) => {
      data.set(`files[${at}]`, new Blob([text], { type: 'text/plain' }), name)
    })
    return data
  }

  test('are served at an address that expires', async () => {
    const sent = await k.api(
      'POST',
      here,
      form({ attachments: [{ id: 0, description: 'a note' }] }, ['note.txt', 'hello']),
    )
    const [file] = sent.body.attachments
    expect(file).toMatchObject({ filename: 'note.txt', size: 5, description: 'a note' })
    expect(await (await fetch(file.url)).text()).toBe('hello')
    expect((await fetch(file.url.replace('hm=', 'hm=0'))).status).toBe(404)
    k.pass(25 * 3600_000)
    expect((await fetch(file.url)).status).toBe(404)
    const again = await k.api('GET', `${here}/${sent.body.id}`)
    expect((await fetch(again.body.attachments[0].url)).status).toBe(200)
  })

  test('stay through an edit that lists them and go with one that does not', async () => {
    const sent = await k.api('POST', here, form({ content: 'two' }, ['a.txt', 'a'], ['b.txt', 'b']))
    const [a] = sent.body.attachments
    const kept = await k.api('PATCH', `${here}/${sent.body.id}`, { attachments: [{ id: a.id }] })
    expect(kept.body.attachments.map((f: { filename: string }) => f.filename)).toEqual(['a.txt'])
  })

  test('too large are refused with 413', async () => {
    k.sandbox.world.limits.file = 10
    const large = await k.api('POST', here, form({ content: 'x' }, ['a.txt', 'x'.repeat(11)]))
    expect([large.status, large.body.code]).toEqual([413, 40005])
  })
})

describe('without the message-content intent', () => {
  test("others' messages are empty, unless they mention the bot", async () => {
    const bot = k.sandbox.applicationId
    await k.door('POST', '/sandbox/channels/general/messages', { content: 'secret', user: 'ben' })
    await k.door('POST', '/sandbox/channels/general/messages', { content: `<@${bot}> hi`, user: 'ben' })
    await k.api('POST', here, { content: 'own' })
    const { body } = await k.api('GET', here)
    expect(body.map((m: { content: string }) => m.content)).toEqual(['own', `<@${bot}> hi`, ''])
    const seen = await k.door('GET', '/sandbox/channels/general/messages?user=ada')
    expect(seen.body.map((m: { content: string }) => m.content)).toEqual(['secret', `<@${bot}> hi`, 'own'])
  })
})
