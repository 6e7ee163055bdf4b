/** A headless Chromium for tests of the page, where one is installed. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const PATH = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Why tests in a browser are skipped; undefined when they can run. */
export const noBrowser: string | undefined = existsSync(PATH)
  ? undefined
  : `skipped: there is no Chromium at ${PATH} (apt-get install chromium, or set CHROMIUM_PATH)`

export function launch(): Promise<Browser> {
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath: PATH, args: flags })
}

/** Opens the page in a profile of its own; what goes wrong in its scripts is collected in `errors`. */
export async function visit(
  browser: Browser,
  url: string,
  size = { width: 1280, height: 800 },
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: size })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    // A refused request is shown to the person, and logged by the browser on its own account.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text())
  })
  await page.goto(url)
  await page.waitForSelector('body.ready')
  return { page, errors }
}
