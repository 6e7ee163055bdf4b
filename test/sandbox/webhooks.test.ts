import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Kit, kit } from './rest-kit.ts'

let k: Kit
beforeEach(async () => {
  k = await kit()
})
afterEach(() => k.close())

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const make = async (name = 'voices') =>
  (await k.api('POST', `/channels/${k.channel('backrooms')}/webhooks`, { name })).body
const thread = async () =>
  (await k.api('POST', `/channels/${k.channel('backrooms')}/threads`, { name: 't', type: 11 })).body

test('a webhook speaks under any name and face, in its channel and its threads', async () => {
  const hook = await make()
  const url = `/webhooks/${hook.id}/${hook.token}`
  const emoji = await k.api('POST', `/applications/${k.sandbox.applicationId}/emojis`, {
    name: 'opus',
    image: `data:image/png;base64,${PIXEL}`,
  })
  const face = `${k.sandbox.url}/emojis/${emoji.body.id}.png`
  const { id } = await thread()
  const sent = await k.api('POST', `${url}?wait=true&thread_id=${id}`, {
    content: 'I speak',
    username: 'Opus',
    avatar_url: face,
  })
  expect(sent.body).toMatchObject({
    webhook_id: hook.id,
    channel_id: id,
    author: { id: hook.id, username: 'Opus', bot: true },
  })
  const picture = await fetch(`${k.sandbox.url}/avatars/${hook.id}/${sent.body.author.avatar}.png`)
  expect(picture.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await picture.arrayBuffer()).toString('base64')).toBe(PIXEL)
  expect((await k.api('POST', url, { content: 'x' })).status).toBe(204)
})

test("the bot reads its webhooks' messages empty, the webhook reads them whole", async () => {
  const hook = await make()
  const url = `/webhooks/${hook.id}/${hook.token}`
  const { id } = await thread()
  const sent = (await k.api('POST', `${url}?wait=true&thread_id=${id}`, { content: 'words' })).body
  expect((await k.api('GET', `/channels/${id}/messages/${sent.id}`)).body).toMatchObject({
    content: '',
    webhook_id: hook.id,
  })
  expect((await k.api('GET', `${url}/messages/${sent.id}?thread_id=${id}`)).body.content).toBe('words')
  expect((await k.api('GET', `${url}/messages/${sent.id}`)).body.code).toBe(10008)
  const edited = await k.api('PATCH', `${url}/messages/${sent.id}?thread_id=${id}`, { content: 'other' })
  expect(edited.body.content).toBe('other')
  expect((await k.api('DELETE', `${url}/messages/${sent.id}?thread_id=${id}`)).status).toBe(204)
})

test('names and faces have rules', async () => {
  const hook = await make()
  const code = async (body: object) =>
    (await k.api('POST', `/webhooks/${hook.id}/${hook.token}?wait=true`, { content: 'x', ...body })).body.code
  expect(await code({ username: 'Clyde the second' })).toBe(50035)
  expect(await code({ username: 'My Discord' })).toBe(50035)
  expect(await code({ username: 'n'.repeat(81) })).toBe(50035)
  expect(await code({ avatar_url: `data:image/png;base64,${PIXEL}` })).toBe(50035)
  expect(await code({ thread_name: 'x' })).toBe(220003)
  expect(await code({ username: 'Fine' })).toBeUndefined()
})

test('a wrong token, an unknown webhook and a sixteenth are refused', async () => {
  const hook = await make()
  expect((await k.api('POST', `/webhooks/${hook.id}/wrong`, { content: 'x' })).body.code).toBe(50027)
  expect((await k.api('POST', `/webhooks/1/wrong`, { content: 'x' })).body.code).toBe(10015)
  for (let n = 1; n < 15; n++) await make(`v${n}`)
  expect((await make('too many')).code).toBe(30007)
})

test('a forum webhook needs a post to write to', async () => {
  const forum = k.channel('archive')
  const hook = (await k.api('POST', `/channels/${forum}/webhooks`, { name: 'f' })).body
  const url = `/webhooks/${hook.id}/${hook.token}`
  expect((await k.api('POST', url, { content: 'x' })).body.code).toBe(220001)
  const post = await k.api('POST', `${url}?wait=true`, { content: 'x', thread_name: 'a post' })
  expect(post.body.id).toBe(post.body.channel_id)
})
