import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { post } from '../../src/sandbox/core/messages.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'

describe("the page's routes", () => {
  let sandbox: Sandbox
  let channel = ''

  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, limits: 'off' })
    channel = sandbox.world.guildChannels().find((each) => each.name === 'logs')?.id ?? ''
  })
  afterAll(() => sandbox?.close())

  const get = async (path: string) => {
    const response = await fetch(sandbox.url + path)
    return { status: response.status, body: await response.json() }
  }
  const speak = (content: string, forUser?: string) => {
    const { world } = sandbox
    const place = world.channels.get(channel)
    if (!place) throw new Error('no channel')
    const written = { content, embeds: [], components: [], attachments: [], flags: 0 }
    const { message } = world.transaction(() =>
      post(world, { channel: place, author: world.bot, written, ...(forUser ? { ephemeral_for: forUser } : {}) }),
    )
    return message.id
  }
  const window = async (query: string, user = 'ada') => {
    const { body } = await get(`/sandbox/page/messages?channel=${channel}&user=${user}&${query}`)
    const { messages, ...ends } = body as { messages: { content: string }[]; at_start: boolean; at_end: boolean }
    return { ...ends, messages: messages.map((each) => each.content) }
  }

  /** An open event stream; `until` reads on to a text, ends it, and gives all that was read. */
  const listen = async (user: string) => {
    const stop = new AbortController()
    const response = await fetch(`${sandbox.url}/sandbox/events?user=${user}`, { signal: stop.signal })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    if (!reader) throw new Error('no stream')
    let text = (await reader.read()).value ?? ''
    expect(text).toContain('event: ready')
    return {
      async until(end: string) {
        while (!text.slice(-100_000).includes(end)) text += (await reader.read()).value ?? ''
        stop.abort()
        return text
      },
    }
  }

  it('reads windows of messages, oldest first, and tells where the ends are', async () => {
    const ids = Array.from({ length: 6 }, (_, index) => speak(`m${index}`))
    expect(await window('limit=3')).toEqual({ messages: ['m3', 'm4', 'm5'], at_start: false, at_end: true })
    expect(await window(`limit=3&before=${ids[3]}`)).toEqual({
      messages: ['m0', 'm1', 'm2'],
      at_start: true,
      at_end: false,
    })
    expect(await window(`limit=2&after=${ids[1]}`)).toEqual({ messages: ['m2', 'm3'], at_start: false, at_end: false })
    expect(await window(`limit=2&after=${ids[3]}`)).toEqual({ messages: ['m4', 'm5'], at_start: false, at_end: true })
    expect(await window(`limit=4&around=${ids[2]}`)).toEqual({
      messages: ['m1', 'm2', 'm3', 'm4'],
      at_start: false,
      at_end: false,
    })
  })

  it('shows a person their own ephemeral messages only', async () => {
    const { people } = sandbox.world
    speak('for ada', people.ada)
    expect((await window('limit=1')).messages).toEqual(['for ada'])
    expect((await window('limit=1', 'ben')).messages).toEqual([])
  })

  it('refuses with a reason what it cannot read', async () => {
    expect(await get('/sandbox/page/server?user=zoe')).toEqual({
      status: 400,
      body: { reason: 'There is nobody called "zoe" here.' },
    })
    expect(await get('/sandbox/events?user=zoe')).toMatchObject({ status: 400 })
    expect(await get('/sandbox/page/messages?channel=1')).toMatchObject({ status: 404 })
    expect(await get(`/sandbox/page/messages?channel=${channel}&before=x`)).toMatchObject({
      status: 400,
      body: { reason: 'before has to be a message id.' },
    })
    expect(await get(`/sandbox/page/posts?channel=${channel}`)).toMatchObject({ status: 404 })
  })

  it('serves its own files alone', async () => {
    const script = await fetch(`${sandbox.url}/page/main.js`)
    expect(script.headers.get('content-type')).toContain('text/javascript')
    const again = await fetch(`${sandbox.url}/page/main.js`, {
      headers: { 'if-none-match': script.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
    expect((await fetch(`${sandbox.url}/page/..%2Froutes.ts`)).status).toBe(404)
    const page = await (await fetch(sandbox.url)).text()
    const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(named.length).toBeGreaterThan(10)
    for (const path of named) {
      expect(path).toMatch(/^\/page\//)
      expect((await fetch(sandbox.url + path)).status).toBe(200)
    }
  })

  it('streams what happens, to those whom it concerns', async () => {
    const ada = await listen('ada')
    const ben = await listen('ben')
    speak('whispered', sandbox.world.people.ada)
    speak('the end')
    expect(await ada.until('the end')).toContain('whispered')
    expect(await ben.until('the end')).not.toContain('whispered')
  })

  it('tells a reader that fell far behind to read anew', async () => {
    const ada = await listen('ada')
    // Far more than a socket takes in while nobody reads.
    for (let index = 0; index < 12_000; index += 1) {
      sandbox.world.dispatch({
        t: 'MESSAGE_DELETE',
        d: { id: String(index), filler: 'x'.repeat(1000) },
        intents: 0,
        to_bot: false,
      })
      if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await ada.until('event: reset')).toContain('event: reset')
  })
})
