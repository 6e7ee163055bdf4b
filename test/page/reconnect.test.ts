import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { launch, noBrowser, visit } from './browser.ts'

describe.skipIf(noBrowser)(`when the sandbox ends and starts again ${noBrowser ?? ''}`, () => {
  let browser: Browser
  let sandbox: Sandbox
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'))
    ;[browser, sandbox] = await Promise.all([launch(), startSandbox({ port: 0, dataDir: folder })])
  })
  afterAll(async () => {
    await browser?.close()
    await sandbox?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('the page says so, comes back by itself, and shows what it missed', async () => {
    const { page } = await visit(browser, sandbox.url)
    const port = Number(new URL(sandbox.url).port)
    await page.locator('.bar-field').fill('half a thought')
    await sandbox.close()
    await page.getByText('Reconnecting…').waitFor()
    await page.locator('.bar-field').press('Enter')
    await page.getByRole('alert').filter({ hasText: 'The sandbox does not answer.' }).waitFor()
    sandbox = await startSandbox({ port, dataDir: folder })
    const answer = await fetch(`${sandbox.url}/sandbox/channels/backrooms/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'ben', content: 'said meanwhile' }),
    })
    expect(answer.status).toBe(200)
    await page.locator('.message', { hasText: 'said meanwhile' }).waitFor()
    expect(await page.getByText('Reconnecting…').count()).toBe(0)
    expect(await page.locator('.bar-field').inputValue()).toBe('half a thought')
  })
})
