import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportRun } from '../../src/core/export/exports.ts'
import type { Run, Turn } from '../../src/core/run.ts'
import { freshState } from '../../src/engine/changes.ts'
import { spec } from '../engine/kit.ts'
import { launch, noBrowser, visit } from './browser.ts'
import { type Rehearsal, rehearse } from './rehearsal.ts'

// Both what stands above a text with 500 marks and what stands above a plain one look the same.
const PLAIN = 'o'
const PILED = `o${'\u0301'.repeat(500)}`

describe.skipIf(noBrowser)(`500 combining marks ${noBrowser ?? ''}`, () => {
  let browser: Browser
  let rehearsal: Rehearsal
  beforeAll(async () => {
    ;[browser, rehearsal] = await Promise.all([launch(), rehearse()])
  })
  afterAll(async () => {
    await browser?.close()
    await rehearsal?.close()
  })

  it('paint over no other turn of an exported page', async () => {
    const page = await browser.newPage()
    const firstTurn = async (second: string) => {
      await page.setContent(exportRun('html', RUN, [turn(0, 'Words that are to stay readable.'), turn(1, second)]).text)
      return page.locator('#turn-1').screenshot()
    }
    const plain = await firstTurn(PLAIN)
    expect((await firstTurn(PILED)).equals(plain)).toBe(true)
    // The marks do reach that far where nothing holds them back.
    await page.addStyleTag({ content: '* { overflow: visible !important }' })
    expect((await page.locator('#turn-1').screenshot()).equals(plain)).toBe(false)
    await page.close()
  })

  it('paint over no other message of the sandbox page', async () => {
    const say = (user: string, content: string) =>
      fetch(`${rehearsal.sandbox.url}/sandbox/channels/general/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user, content }),
      })
    const { page } = await visit(browser, `${rehearsal.sandbox.url}/#/${rehearsal.channel('general')}`)
    await say('ada', 'Words that are to stay readable.')
    const first = page.locator('.message', { hasText: 'to stay readable' })
    await first.waitFor()
    await say('cleo', PLAIN)
    const second = page.locator('.message', { has: page.locator('.author', { hasText: 'Cleo' }) }).locator('.content')
    await second.waitFor()
    const plain = await first.screenshot()
    await second.evaluate((body, piled) => {
      body.textContent = piled
    }, PILED)
    expect((await first.screenshot()).equals(plain)).toBe(true)
    await second.locator('xpath=..').evaluate((part: { style: { overflow: string } }) => {
      part.style.overflow = 'visible'
    })
    expect((await first.screenshot()).equals(plain)).toBe(false)
    await page.context().close()
  })
})

const RUN = {
  id: 'marks234',
  spec: spec(),
  state: freshState(),
  status: 'ended',
  end_reason: 'max_turns',
  status_text: null,
  log_file: 'marks.txt',
  starter_name: 'Ada',
  next_index: 2,
  created_at: 0,
  ended_at: 0,
} as unknown as Run

const turn = (turn_index: number, text: string): Turn =>
  ({
    turn_index,
    round: 0,
    name: `Claude ${turn_index + 1}`,
    text,
    reasoning: '',
    dropped_at: null,
    whisper_to: null,
  }) as Turn
