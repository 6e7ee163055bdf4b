/** What a person does with messages on the page besides saying them: reacts, changes, deletes; and that the bot hears of it. */
import { Events, type TextChannel } from 'discord.js'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launch, noBrowser, visit } from './browser.ts'
import { type Rehearsal, rehearse } from './rehearsal.ts'

describe.skipIf(noBrowser)(`one's own words on the page ${noBrowser ?? ''}`, () => {
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

  const open = async (channel: string) => {
    const visited = await visit(browser, `${rehearsal.sandbox.url}/#/${rehearsal.channel(channel)}`)
    opened.push(visited)
    return visited.page
  }
  const bar = (page: Page) => page.locator('.bar-field')
  const message = (page: Page, text: string) => page.locator('.message', { hasText: text })
  const bot = async (name: string) =>
    (await rehearsal.client.channels.fetch(rehearsal.channel(name))) as unknown as TextChannel
  const menu = async (page: Page, text: string, entry: string) => {
    await message(page, text).last().click({ button: 'right' })
    await page.getByRole('menuitem', { name: entry }).click()
  }
  const say = async (page: Page, text: string) => {
    await bar(page).fill(text)
    await bar(page).press('Enter')
    await message(page, text).waitFor()
  }
  const added = () =>
    new Promise<string>((resolve) => {
      rehearsal.client.once(Events.MessageReactionAdd, ({ emoji }, user) => resolve(`${user.id} ${emoji.name}`))
    })
  const removed = () =>
    new Promise<string>((resolve) => {
      rehearsal.client.once(Events.MessageReactionRemove, ({ emoji }, user) => resolve(`${user.id} ${emoji.name}`))
    })

  it('shows reactions as they come and after a reload; a press adds and takes away, and the bot hears it', async () => {
    const page = await open('general')
    const sent = await (await bot('general')).send('Like this?')
    await message(page, 'Like this?').waitFor()
    const own = added()
    await sent.react('👀')
    expect(await own).toBe(`${rehearsal.client.user.id} 👀`)
    const eyes = message(page, 'Like this?').getByRole('button', { name: '👀' })
    await eyes.waitFor()
    expect([await eyes.textContent(), await eyes.getAttribute('aria-pressed')]).toEqual(['👀1', 'false'])
    const more = added()
    await eyes.click()
    await expect.poll(() => eyes.textContent()).toBe('👀2')
    expect(await more).toBe(`${rehearsal.sandbox.world.people.ada} 👀`)
    await page.reload()
    await eyes.waitFor()
    expect([await eyes.textContent(), await eyes.getAttribute('aria-pressed')]).toEqual(['👀2', 'true'])
    await sent.edit('Or like this?')
    await message(page, 'Or like this?').waitFor()
    expect(await eyes.getAttribute('aria-pressed')).toBe('true')
    const fewer = removed()
    await eyes.click()
    expect(await fewer).toBe(`${rehearsal.sandbox.world.people.ada} 👀`)
    await menu(page, 'Or like this?', 'React with 🎉')
    await message(page, 'Or like this?').getByRole('button', { name: '🎉, 1 reaction' }).waitFor()
    await message(page, 'Or like this?').getByRole('button', { name: '🎉' }).click()
    await sent.reactions.resolve('👀')?.users.remove(rehearsal.client.user)
    await message(page, 'Or like this?').locator('.reaction').first().waitFor({ state: 'detached' })
  })

  it('changes what was said, by the bar, and says why when it cannot', async () => {
    const page = await open('logs')
    await say(page, 'a first draft, @Ben, for you')
    const updated = new Promise<string>((resolve) => {
      rehearsal.sandbox.world.subscribe(({ t, d, to_bot }) => {
        if (t === 'MESSAGE_UPDATE' && to_bot) resolve(String(d.content))
      })
    })
    await menu(page, 'a first draft', 'Edit message')
    await page.getByText('Editing your message').waitFor()
    expect(await bar(page).inputValue()).toBe('a first draft, @Ben, for you')
    await bar(page).fill('a second draft, @Ben, for you')
    await bar(page).press('Enter')
    await message(page, 'a second draft').locator('.edited:visible').waitFor()
    expect(await updated).toBe(`a second draft, <@${rehearsal.sandbox.world.people.ben}>, for you`)
    expect(await message(page, 'a first draft').count()).toBe(0)
    await menu(page, 'a second draft', 'Edit message')
    await bar(page).fill('x'.repeat(2001))
    await bar(page).press('Enter')
    await page.getByRole('alert').filter({ hasText: 'content: Must be 2000 or fewer in length.' }).waitFor()
    await page.getByText('Editing your message').waitFor()
    await bar(page).press('Escape')
    expect(await bar(page).inputValue()).toBe('')
    await say(page, 'something new')
    expect(await message(page, 'a second draft').count()).toBe(1)
  })

  it('changes what was said last with the arrow, unless a command came after', async () => {
    const page = await open('logs')
    await say(page, 'the last word')
    await bar(page).press('ArrowUp')
    await page.getByText('Editing your message').waitFor()
    expect(await bar(page).inputValue()).toBe('the last word')
    await bar(page).fill('the very last word')
    await bar(page).press('Enter')
    await message(page, 'the very last word').locator('.edited:visible').waitFor()
    await bar(page).fill('/nothing')
    await bar(page).press('Escape')
    await bar(page).press('Enter')
    await page.getByRole('alert').waitFor()
    await bar(page).fill('')
    await bar(page).press('ArrowUp')
    expect(await bar(page).inputValue()).toBe('/nothing')
    expect(await page.getByText('Editing your message').isVisible()).toBe(false)
  })

  it('sends what was ticked in a select, however its list is closed', async () => {
    const page = await open('logs')
    const options = ['one', 'two'].map((name) => ({ label: name, value: name }))
    const select = { type: 3, custom_id: 'many', max_values: 2, options }
    const chosen = new Promise<unknown>((resolve) => {
      rehearsal.sandbox.world.subscribe(({ t, d }) => {
        if (t === 'INTERACTION_CREATE') resolve((d.data as { values: string[] }).values)
      })
    })
    await (await bot('logs')).send({ content: 'choose', components: [{ type: 1, components: [select] }] })
    await message(page, 'choose').last().locator('[aria-haspopup=listbox]').click()
    await page.getByRole('option', { name: 'two' }).click()
    await page.keyboard.press('Escape')
    expect(await chosen).toEqual(['two'])
  })

  it('deletes what was said, once that is confirmed', async () => {
    const page = await open('media')
    await say(page, 'better left unsaid')
    const gone = new Promise((resolve) => {
      rehearsal.sandbox.world.subscribe(({ t, to_bot }) => t === 'MESSAGE_DELETE' && to_bot && resolve(true))
    })
    await menu(page, 'better left unsaid', 'Delete message')
    const asked = page.getByRole('dialog', { name: 'Delete message' })
    await asked.getByRole('button', { name: 'Cancel' }).click()
    expect(await message(page, 'better left unsaid').count()).toBe(1)
    await menu(page, 'better left unsaid', 'Delete message')
    await asked.getByRole('button', { name: 'Delete' }).click()
    await message(page, 'better left unsaid').waitFor({ state: 'detached' })
    expect(await gone).toBe(true)
  })

  it("offers neither for another's words to one who may not", async () => {
    const page = await open('status')
    await say(page, 'from Ada')
    await page.locator('.person-button').click()
    await page.getByRole('menuitemradio', { name: 'Ben' }).click()
    await page.locator('.person-names b', { hasText: 'Ben' }).waitFor()
    await message(page, 'from Ada').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor()
    expect(await page.getByRole('menuitem', { name: /Edit|Delete/ }).count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  it('tells the bot who is typing words, not commands, and not at every letter', async () => {
    const page = await open('transcripts')
    const typing: string[] = []
    rehearsal.client.on(Events.TypingStart, ({ user }) => typing.push(user.id))
    await bar(page).pressSequentially('/back')
    await bar(page).fill('')
    await bar(page).pressSequentially('well then')
    await expect.poll(() => typing).toEqual([rehearsal.sandbox.world.people.ada])
  })

  it("offers the bot's commands for a person at what they said", async () => {
    const page = await open('transcripts')
    await say(page, 'here I am')
    await menu(page, 'here I am', 'Who is this')
    await message(page, 'this is ada').waitFor()
  })

  it('fills in a form with every kind of field by keyboard and pointer', async () => {
    const page = await open('backrooms')
    const submitted = new Promise<{ components: { component: object }[]; resolved: { attachments: object } }>(
      (resolve) => {
        rehearsal.sandbox.world.subscribe(({ t, d }) => {
          if (t === 'INTERACTION_CREATE' && d.type === 5) resolve(d.data as never)
        })
      },
    )
    await bar(page).fill('/survey')
    await bar(page).press('Enter')
    const form = page.getByRole('dialog', { name: 'A survey' })
    await form.getByLabel('Grey').press('Space')
    for (const door of ['One', 'Two', 'Three']) await form.getByLabel(door).check()
    await form
      .locator('input[type=file]')
      .setInputFiles({ name: 'map.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
    await form.getByText('map.txt').waitFor()
    await form.getByRole('button', { name: 'Submit' }).click()
    await form.getByRole('alert').filter({ hasText: '“Doors” takes at most 2.' }).waitFor()
    await form.getByLabel('Two').uncheck()
    await form.getByLabel('Sure').check()
    await form.getByRole('button', { name: 'Submit' }).click()
    await message(page, 'Noted.').waitFor()
    const { components, resolved } = await submitted
    expect(components.map(({ component }) => component)).toMatchObject([
      { type: 21, value: 'grey' },
      { type: 22, values: ['one', 'three'] },
      { type: 23, value: true },
      { type: 5, values: [] },
      { type: 19, values: Object.keys(resolved.attachments) },
    ])
  })
})
