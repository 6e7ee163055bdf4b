import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { post } from '../../src/sandbox/core/messages.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { launch, noBrowser, visit } from './browser.ts'

const MANY = 10_000
/** What is held at once, as message-list.js has it. */
const WINDOW = 200

describe.skipIf(noBrowser)(`a channel of ten thousand messages ${noBrowser ?? ''}`, () => {
  let browser: Browser
  let sandbox: Sandbox
  let page: Page
  let channel = ''

  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, limits: 'off' })
    channel = sandbox.world.guildChannels().find((each) => each.name === 'logs')?.id ?? ''
    sandbox.world.transaction(() => {
      for (let index = 0; index < MANY; index += 1) speak(`line **${index}** of many`)
    })
    browser = await launch()
    page = (await visit(browser, `${sandbox.url}/#/${channel}`)).page
  })
  afterAll(async () => {
    await browser?.close()
    await sandbox?.close()
  })

  const speak = (content: string) => {
    const { world } = sandbox
    const author = world.members.get(world.people.ben ?? '')?.user
    const place = world.channels.get(channel)
    if (!author || !place) throw new Error('the world is not as it was')
    post(world, { channel: place, author, written: { content, embeds: [], components: [], attachments: [], flags: 0 } })
  }
  const drawn = () => page.locator('.message').count()
  const line = (index: number) => page.locator('.message', { hasText: `line ${index} of many` })
  /** Scripts for the browser are strings here: their types are not Node's. */
  const inPage = (script: string) => page.evaluate(script) as Promise<number>
  const toStart = () => inPage("document.querySelector('.scroller').scrollTop = 0")

  it('opens at its end, quickly', async () => {
    await line(MANY - 1).waitFor()
    const began = performance.now()
    await page.locator('a.channel[title=general]').click()
    await page.locator('.channel.current[title=general]').waitFor()
    await page.locator('a.channel[title=logs]').click()
    await line(MANY - 1).waitFor()
    expect(performance.now() - began).toBeLessThan(3000)
    expect(await drawn()).toBeLessThanOrEqual(WINDOW)
  })

  it('fetches older messages as one scrolls, holds a window of them, and keeps the place', async () => {
    for (let pages = 1; pages <= 6; pages += 1) {
      await toStart()
      await line(MANY - 50 * pages - 1).waitFor()
    }
    expect(await drawn()).toBe(WINDOW)
    expect(await line(MANY - 1).count()).toBe(0)
    const first = await page.locator('.message').first().getAttribute('data-id')
    const place = `document.querySelector('[data-id="${first}"]').getBoundingClientRect().y`
    const before = await inPage(`document.querySelector('.scroller').scrollTop = 0, ${place}`)
    await page.locator(`.message:first-child:not([data-id="${first}"])`).waitFor()
    expect(Math.abs((await inPage(place)) - before)).toBeLessThan(3)
  })

  it('comes back to the present with one click, and follows it from there', async () => {
    await page.getByRole('button', { name: /Jump to present/ }).click()
    await line(MANY - 1).waitFor()
    for (let index = 0; index < 500; index += 1) sandbox.world.transaction(() => speak(`live ${index}`))
    await page.locator('.message', { hasText: /live 499/ }).waitFor()
    expect(await drawn()).toBe(WINDOW)
    const left = await inPage(
      "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector('.scroller'))",
    )
    expect(left).toBeLessThan(5)
  })

  it('opens around a message that is referred to', async () => {
    const { world } = sandbox
    const oldest = world.storage.messages({ channel_id: channel, after: '0', limit: 20 }).at(0)?.message.id
    const answer = await fetch(`${sandbox.url}/sandbox/channels/logs/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'ada', content: 'about that', reply_to: oldest }),
    })
    expect(answer.status).toBe(200)
    await page.locator('.message', { hasText: 'about that' }).locator('button.above').click()
    await page.locator(`[data-id="${oldest}"].found`).waitFor()
    expect(await drawn()).toBeLessThanOrEqual(WINDOW)
  })
})
