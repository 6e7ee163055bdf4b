import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Kit, kit } from '../sandbox/rest-kit.ts'
import { launch, noBrowser, visit } from './browser.ts'

describe.skipIf(noBrowser)(`threads that a person starts ${noBrowser ?? ''}`, () => {
  let browser: Browser
  let k: Kit
  beforeAll(async () => {
    ;[browser, k] = await Promise.all([launch(), kit()])
  })
  afterAll(async () => {
    await browser?.close()
    await k?.close()
  })

  const fill = async (page: Awaited<ReturnType<typeof visit>>['page'], name: string, content: string) => {
    await page.fill('#field-name', name)
    await page.fill('#field-content', content)
    await page.click('dialog button[type=submit]')
  }

  it('opens a post in a forum and shows it', async () => {
    const { page, errors } = await visit(browser, `${k.sandbox.url}/#/${k.channel('archive')}`)
    await page.getByRole('button', { name: 'New post' }).click()
    await fill(page, 'A door', 'left ajar')
    await page.locator('.message', { hasText: 'left ajar' }).waitFor()
    expect(await page.locator('h1').textContent()).toBe('A door')
    expect(errors).toEqual([])
  })

  it('counts on the card what is said after the message a thread began with', async () => {
    const { page, errors } = await visit(browser, `${k.sandbox.url}/#/${k.channel('general')}`)
    const say = (channel: string, content: string) =>
      k.door('POST', `/sandbox/channels/${channel}/messages`, { content, user: 'ada' })
    const { body: origin } = await say('general', 'a stair')
    const thread = { channel: 'general', name: 'Steps', user: 'ada', message_id: origin.id }
    expect((await k.door('POST', '/sandbox/threads', thread)).status).toBe(200)
    const count = page.locator(`[data-thread-count="${origin.id}"]`)
    await count.waitFor()
    const said = (await say(origin.id, 'one')).body
    await say(origin.id, 'two')
    await expect.poll(() => count.textContent(), { timeout: 5000 }).toBe('2 Messages ›')
    await k.door('DELETE', `/sandbox/channels/${origin.id}/messages/${said.id}?user=ada`)
    await expect.poll(() => count.textContent(), { timeout: 5000 }).toBe('1 Message ›')
    await page.reload()
    await expect.poll(() => count.textContent(), { timeout: 5000 }).toBe('1 Message ›')
    expect(errors).toEqual([])
  })

  it('starts a thread beside a channel', async () => {
    const { page, errors } = await visit(browser, `${k.sandbox.url}/#/${k.channel('general')}`)
    await page.getByRole('button', { name: 'Threads of this channel' }).click()
    await page.getByRole('menuitem', { name: 'New thread' }).click()
    await fill(page, 'Aside', 'psst')
    await page.locator('.message', { hasText: 'psst' }).waitFor()
    expect(errors).toEqual([])
  })
})
