import type { TextChannel } from 'discord.js'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launch, noBrowser, visit } from './browser.ts'
import { controls, type Rehearsal, rehearse } from './rehearsal.ts'

describe.skipIf(noBrowser)(`the page in a browser ${noBrowser ?? ''}`, () => {
  let browser: Browser
  let rehearsal: Rehearsal
  const opened: { page: Page; errors: string[] }[] = []

  beforeAll(async () => {
    ;[browser, rehearsal] = await Promise.all([launch(), rehearse()])
  })
  afterAll(async () => {
    await browser?.close()
    await rehearsal?.close()
  })
  afterEach(async () => {
    for (const { page, errors } of opened.splice(0)) {
      expect(errors).toEqual([])
      await page.context().close()
    }
  })

  const open = async (channel = 'backrooms', size?: { width: number; height: number }) => {
    const visited = await visit(browser, `${rehearsal.sandbox.url}/#/${rehearsal.channel(channel)}`, size)
    opened.push(visited)
    return visited.page
  }
  const bar = (page: Page) => page.locator('.bar-field')
  const message = (page: Page, text: string) => page.locator('.message', { hasText: text })
  const bot = async (name: string) =>
    (await rehearsal.client.channels.fetch(rehearsal.channel(name))) as unknown as TextChannel
  const say = (name: string, user: string, content: string) =>
    fetch(`${rehearsal.sandbox.url}/sandbox/channels/${name}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, content }),
    })
  const speakAs = async (page: Page, name: string) => {
    await page.locator('.person-button').click()
    await page.getByRole('menuitemradio', { name }).click()
    await page.locator('.person-names b', { hasText: name }).waitFor()
  }

  it('greets in an empty channel, and a line typed straight through opens a thread', async () => {
    const page = await open('backrooms')
    await page.locator('.example', { hasText: '/backrooms start opus sonnet roleplay' }).waitFor()
    await bar(page).pressSequentially('/backrooms start opus sonnet roleplay title:Down the stairs')
    await bar(page).press('Enter')
    await message(page, 'lm1=opus lm2=sonnet template=roleplay title=Down the stairs').waitFor()
    expect(await message(page, 'Opened').locator('.part-above').textContent()).toContain('used /backrooms start')
    await message(page, 'Opened').locator('a.mention', { hasText: 'Down the stairs' }).click()
    await message(page, 'The first words.').waitFor()
    expect(await page.locator('.place h1').textContent()).toBe('Down the stairs')
    expect(await page.locator('.threads .channel.current').textContent()).toContain('Down the stairs')
  })

  it('completes commands, options and values by keyboard', async () => {
    const page = await open('general')
    await bar(page).pressSequentially('/')
    await page.getByRole('option', { name: '/backrooms start' }).waitFor()
    await bar(page).pressSequentially('st')
    await bar(page).press('Enter')
    expect(await bar(page).inputValue()).toBe('/backrooms start ')
    expect(await page.locator('.hint').allTextContents()).toEqual(['lm1', 'lm2', 'template', 'title'])
    await page.getByRole('option', { name: 'haiku' }).waitFor()
    await bar(page).pressSequentially('so')
    await page.getByRole('option', { name: 'haiku' }).waitFor({ state: 'detached' })
    await bar(page).press('Tab')
    expect(await bar(page).inputValue()).toBe('/backrooms start sonnet ')
    await page.getByRole('option', { name: 'opus' }).waitFor()
    await bar(page).press('ArrowDown')
    await bar(page).press('Enter')
    expect(await bar(page).inputValue()).toBe('/backrooms start sonnet sonnet ')
    await bar(page).pressSequentially('ti')
    await page.getByRole('option', { name: 'title' }).waitFor()
    await bar(page).press('Tab')
    expect(await bar(page).inputValue()).toBe('/backrooms start sonnet sonnet title:')
    expect(await page.locator('.hint.current').textContent()).toBe('title')
    await bar(page).press('Escape')
    // Tab right behind the letters, before their list has come, waits for that list.
    await bar(page).fill('/backrooms start ')
    await bar(page).pressSequentially('ha')
    await bar(page).press('Tab')
    await expect.poll(() => bar(page).inputValue()).toBe('/backrooms start haiku ')
    await bar(page).fill('')
  })

  it('recalls what was sent, and sends files', async () => {
    const page = await open('media')
    await bar(page).fill('one of mine')
    await bar(page).press('Enter')
    await message(page, 'one of mine').waitFor()
    await page
      .locator('.bar input[type=file]')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('a note') })
    await page.locator('.bar-file', { hasText: 'notes.txt' }).waitFor()
    await bar(page).press('ArrowUp')
    expect(await bar(page).inputValue()).toBe('one of mine')
    await bar(page).press('Enter')
    await page.locator('.attached-file', { hasText: 'notes.txt' }).waitFor()
    expect(await page.locator('.bar-file').count()).toBe(0)
  })

  it('shows why a command was refused, and keeps what was typed', async () => {
    const page = await open('general')
    await bar(page).fill('/backrooms start')
    await bar(page).press('Escape')
    await bar(page).press('Enter')
    await page.getByRole('alert').filter({ hasText: 'The option lm1 is required.' }).waitFor()
    expect(await bar(page).inputValue()).toBe('/backrooms start')
  })

  it('shows text as it is written, and marks it as edited', async () => {
    const page = await open('status')
    const sent = await (await bot('status')).send('It begins')
    await message(page, 'It begins').waitFor()
    expect(await page.locator('.edited:visible').count()).toBe(0)
    await sent.edit('It begins and **goes on**')
    await page.locator('.message strong', { hasText: 'goes on' }).waitFor()
    expect(await message(page, 'goes on').locator('.edited:visible').count()).toBe(1)
    await sent.delete()
    await message(page, 'It begins').waitFor({ state: 'detached' })
  })

  it('says who is typing, until they have spoken', async () => {
    const page = await open('status')
    const channel = await bot('status')
    await channel.sendTyping()
    await page.locator('.typing', { hasText: 'Backrooms is typing…' }).waitFor()
    await channel.send('said')
    await page.locator('.typing', { hasText: 'is typing' }).waitFor({ state: 'detached' })
  })

  it('takes what was said for text, never for HTML', async () => {
    const page = await open('logs')
    await say('logs', 'ben', '<img src=x onerror="document.title=1"> [x](javascript:alert(1)) **<b>**')
    await (await bot('logs')).send({
      embeds: [{ title: '<script>1</script>', url: 'https://a.example', description: '<i>' }],
    })
    const said = message(page, 'onerror')
    await said.waitFor()
    expect(await said.locator('img, a').count()).toBe(0)
    expect(await said.locator('strong').textContent()).toBe('<b>')
    const title = page.locator('.embed-title a')
    expect(await title.textContent()).toBe('<script>1</script>')
    expect(await title.getAttribute('rel')).toContain('noopener')
    const answer = await fetch(rehearsal.sandbox.url)
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
  })

  it('shows an ephemeral reply to its person alone, until it is dismissed', async () => {
    const [ada, ben] = [await open('general'), await open('general')]
    await speakAs(ben, 'Ben')
    await bar(ada).fill('/backrooms list')
    await bar(ada).press('Enter')
    const reply = message(ada, 'Nothing is running.')
    await reply.getByText('Only you can see this').waitFor()
    await say('general', 'cleo', 'for all to see')
    await message(ben, 'for all to see').waitFor()
    expect(await message(ben, 'Nothing is running.').count()).toBe(0)
    await reply.getByRole('button', { name: 'Dismiss message' }).click()
    await reply.waitFor({ state: 'detached' })
    await ada.reload()
    await message(ada, 'for all to see').waitFor()
    expect(await message(ada, 'Nothing is running.').count()).toBe(0)
  })

  it('presses buttons, picks from menus, fills in forms', async () => {
    const page = await open('transcripts')
    await (await bot('transcripts')).send({ content: 'Controls', components: controls })
    await page.getByRole('button', { name: 'Go on' }).click()
    await message(page, 'pressed go').waitFor()
    expect(await page.getByRole('button', { name: 'Never' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Choose one' }).press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await message(page, 'picked second').waitFor()
    await bar(page).fill('/ask')
    await bar(page).press('Enter')
    const form = page.getByRole('dialog', { name: 'A form' })
    await form.getByLabel('Your name').fill('x')
    await page.keyboard.press('Enter')
    await form.getByRole('alert').filter({ hasText: 'at least 2' }).waitFor()
    await form.getByLabel('Your name').fill('Ada')
    await page.keyboard.press('Enter')
    await message(page, 'was told Ada').waitFor()
    expect(await form.count()).toBe(0)
  })

  it('replies, mentions, and offers the commands of a message', async () => {
    const page = await open('media')
    await say('media', 'ben', 'a question')
    const asked = message(page, 'a question').first()
    await asked.hover()
    await asked.getByRole('button', { name: 'Apps and more' }).click()
    await page.getByRole('menuitem', { name: 'Reply' }).click()
    await bar(page).pressSequentially('ask @back')
    await page.getByRole('option', { name: '@Backrooms' }).waitFor()
    await bar(page).press('Enter')
    await bar(page).pressSequentially('please')
    await bar(page).press('Enter')
    const answer = message(page, 'please')
    expect(await answer.locator('.part-above').textContent()).toContain('a question')
    expect(await answer.locator('.mention').textContent()).toBe('@Backrooms')
    await asked.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Count words' }).click()
    await message(page, `counted ${await asked.getAttribute('data-id')}`).waitFor()
  })

  it('marks what is unread and who was named, and forgets it once it is read', async () => {
    const page = await open('general')
    const ada = rehearsal.sandbox.world.people.ada
    await say('logs', 'ben', `look, <@${ada}>`)
    const row = page.locator('a.channel[title=logs]')
    await page.locator('a.channel.unread[title=logs]').waitFor()
    expect(await row.locator('.badge').textContent()).toBe('1')
    await row.click()
    await page.locator('.divider.fresh').waitFor()
    expect(await message(page, 'look, @Ada').getAttribute('class')).toContain('mentioned')
    await page.locator('a.channel[title=general]').click()
    await page.locator('a.channel.current[title=general]').waitFor()
    expect(await row.getAttribute('class')).not.toContain('unread')
    expect(await row.locator('.badge').count()).toBe(0)
  })

  it('opens a spoiler by keyboard and leaves it open while the message changes elsewhere', async () => {
    const page = await open('status')
    const sent = await (await bot('status')).send({ content: 'It was ||the butler||', components: controls })
    const spoiler = message(page, 'It was').locator('.spoiler')
    await spoiler.focus()
    await page.keyboard.press('Enter')
    await sent.edit({ components: [] })
    await message(page, 'It was').getByRole('button', { name: 'Go on' }).waitFor({ state: 'detached' })
    expect(await spoiler.getAttribute('class')).toContain('open')
  })

  it('goes to a channel by a few letters, and on from message to message', async () => {
    const page = await open('general')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('trans')
    await page.keyboard.press('Enter')
    await page.locator('.place h1', { hasText: 'transcripts' }).waitFor()
    await page.keyboard.press('Alt+ArrowDown')
    await page.locator('.place h1', { hasText: 'media' }).waitFor()
    await page.locator('.message').last().waitFor()
    await page.locator('.scroller').focus()
    await page.keyboard.press('ArrowUp')
    expect(await page.evaluate('document.activeElement.className')).toContain('message')
    await page.keyboard.type('x')
    expect(await bar(page).inputValue()).toBe('x')
  })

  it('shows a forum as posts, and a new one as it comes', async () => {
    const page = await open('archive')
    await page.getByText('No posts yet.').waitFor()
    await rehearsal.client.rest.post(`/channels/${rehearsal.channel('archive')}/threads`, {
      body: { name: 'A night to keep', message: { content: 'It began with a **knock**.' } },
    })
    const post = page.locator('.post', { hasText: 'A night to keep' })
    await post.waitFor()
    expect(await post.textContent()).toContain('It began with a knock.')
    await post.click()
    await message(page, 'It began with a knock.').waitFor()
  })

  it('fits a narrow window', async () => {
    const page = await open('general', { width: 400, height: 760 })
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(overflow).toBe(0)
    expect(await page.locator('.sidebar').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Channels', exact: true }).click()
    await page.locator('a.channel[title=status]').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.sidebar').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Channels', exact: true }).click()
    await page.locator('a.channel[title=status]').click()
    await page.locator('.place h1', { hasText: 'status' }).waitFor()
    await page.locator('.sidebar').waitFor({ state: 'hidden' })
  })
})
