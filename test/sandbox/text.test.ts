import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
let here: string
beforeEach(async () => {
  k = await kit()
  here = `/channels/${k.channel('general')}/messages`
})
afterEach(() => k.close())

const json = { 'content-type': 'application/json' }

describe('lengths', () => {
  test('are counted in code points', async () => {
    const door = '🚪'
    const code = async (body: object) => (await k.api('POST', here, body)).body.code
    expect(await code({ content: door.repeat(2000) })).toBeUndefined()
    expect(await code({ content: door.repeat(2001) })).toBe(50035)
    expect(await code({ content: `${door.repeat(1999)}ab` })).toBe(50035)
    expect(await code({ embeds: [{ title: door.repeat(256) }] })).toBeUndefined()
    expect(await code({ embeds: [{ title: door.repeat(257) }] })).toBe(50035)
    const button = (label: string) => [{ type: 1, components: [{ type: 2, style: 1, custom_id: 'a', label }] }]
    expect(await code({ content: 'x', components: button(door.repeat(80)) })).toBeUndefined()
    expect(await code({ content: 'x', components: button(door.repeat(81)) })).toBe(50035)
  })
})

test('half a surrogate pair, bytes that are no UTF-8, and endless nesting are no JSON', async () => {
  const code = async (body: string) => {
    const { status, body: answer } = await k.api('POST', here, body, json)
    return [status, answer.code]
  }
  expect(await code('{"content":"\\ud83d"}')).toEqual([400, 50109])
  expect(await code('{"content":"\\ud83d\\udeaa"}')).toEqual([200, undefined])
  expect(await code(`{"content":"x","components":${'['.repeat(5000)}${']'.repeat(5000)}}`)).toEqual([400, 50109])
  const deep = '{"type":17,"components":['.repeat(500)
  expect(await code(`{"components":[${deep}${']}'.repeat(500)}]}`)).toEqual([400, 50109])
  const response = await fetch(`${k.sandbox.apiUrl}/v10${here}`, {
    method: 'POST',
    headers: { ...json, authorization: `Bot ${k.sandbox.token}` },
    body: new Uint8Array([...Buffer.from('{"content":"'), 0xff, ...Buffer.from('"}')]),
  })
  expect(response.status).toBe(400)
})

test('a request without a User-Agent is refused', async () => {
  const { port } = new URL(k.sandbox.url)
  const status = await new Promise((resolve, reject) => {
    request(
      { port, host: '127.0.0.1', path: '/api/v10/users/@me', headers: { authorization: `Bot ${k.sandbox.token}` } },
      (response) => {
        response.resume()
        resolve(response.statusCode)
      },
    )
      .on('error', reject)
      .end()
  })
  expect(status).toBe(403)
  expect(k.violations()).toMatchObject([{ code: 40333 }])
})

test("a form's booleans are booleans", async () => {
  const form = new FormData()
  form.set('content', 'true')
  form.set('tts', 'false')
  const { status, body } = await k.api('POST', here, form)
  expect([status, body.content, body.tts]).toEqual([200, 'true', false])
})

describe('files that an embed or a component shows', () => {
  const form = (payload: object, ...names: string[]) => {
    const data = new FormData()
    data.set('payload_json', JSON.stringify(payload))
    names.forEach((name, at) => {
      data.set(`files[${at}]`, new Blob(['bytes'], { type: 'image/png' }), name)
    })
    return data
  }
  const embed = {
    title: 't',
    image: { url: 'attachment://a.png' },
    footer: { text: 'f', icon_url: 'attachment://b.png' },
  }

  test('have addresses, and are no attachments', async () => {
    const { body } = await k.api('POST', here, form({ embeds: [embed] }, 'a.png', 'b.png', 'c.png'))
    expect(body.attachments.map((file: { filename: string }) => file.filename)).toEqual(['c.png'])
    const [shown] = body.embeds
    for (const url of [shown.image.url, shown.image.proxy_url, shown.footer.icon_url])
      expect(await (await fetch(url)).text()).toBe('bytes')
    const file = { type: 13, file: { url: 'attachment://d.png' } }
    const parts = await k.api('POST', here, form({ flags: 32768, components: [file] }, 'd.png'))
    expect(parts.body).toMatchObject({ attachments: [], components: [{ type: 13, name: 'd.png' }] })
    expect((await fetch(parts.body.components[0].file.url)).status).toBe(200)
    expect(k.violations()).toEqual([])
  })

  test('stay through edits until nothing shows them', async () => {
    const { body } = await k.api('POST', here, form({ embeds: [embed] }, 'a.png', 'b.png', 'c.png'))
    const at = `${here}/${body.id}`
    const emptied = await k.api('PATCH', at, { attachments: [] })
    expect(emptied.body.attachments).toEqual([])
    expect((await fetch(emptied.body.embeds[0].image.url)).status).toBe(200)
    const back = await k.api('PATCH', at, {
      embeds: [{ title: 'n', image: { url: emptied.body.embeds[0].image.url } }],
    })
    expect((await fetch(back.body.embeds[0].image.url)).status).toBe(200)
    expect((await fetch(body.embeds[0].footer.icon_url)).status).toBe(404)
    const bare = await k.api('PATCH', at, { content: 'x', embeds: [] })
    expect(bare.body.attachments).toEqual([])
    expect((await fetch(back.body.embeds[0].image.url)).status).toBe(404)
  })
})
