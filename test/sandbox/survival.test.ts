import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'

let dir: string
let child: ChildProcess | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sandbox-'))
})
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await rm(dir, { recursive: true, force: true })
})

/** Starts the sandbox as `npm run sandbox` does. @returns its address */
async function start(): Promise<string> {
  child = spawn(process.execPath, ['src/sandbox/main.ts'], {
    env: { ...process.env, DATA_DIR: dir, PORT: '0', HOST: '127.0.0.1' },
  })
  if (!child.stdout) throw new Error('no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url) return url
  }
  throw new Error('the sandbox did not start')
}

async function kill(): Promise<void> {
  child?.kill('SIGKILL')
  if (child) await once(child, 'exit')
}

test('an answered request is there after a kill, and a nonce is still remembered', async () => {
  let url = await start()
  const about = (await (await fetch(`${url}/sandbox`)).json()) as { token: string; channels: Record<string, string> }
  const send = async () => {
    const response = await fetch(`${url}/api/v10/channels/${about.channels.general}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${about.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'kept', nonce: 'd1', enforce_nonce: true }),
    })
    return (await response.json()) as { id: string }
  }
  const first = await send()
  await kill()
  url = await start()
  expect(await (await fetch(`${url}/sandbox`)).json()).toEqual(about)
  expect((await send()).id).toBe(first.id)
  const kept = await (await fetch(`${url}/sandbox/channels/general/messages`)).json()
  expect(kept).toMatchObject([{ id: first.id, content: 'kept' }])
})

test('SIGTERM ends it at once', async () => {
  await start()
  child?.kill('SIGTERM')
  const [code] = await once(child as ChildProcess, 'exit')
  expect(code).toBe(0)
})

/** Runs it to its end. @returns its exit code and all that it said */
async function run(...args: string[]): Promise<{ code: number | null; out: string }> {
  const process_ = spawn(process.execPath, ['src/sandbox/main.ts', ...args], {
    env: { ...process.env, DATA_DIR: dir, PORT: '0', HOST: '127.0.0.1' },
  })
  let out = ''
  for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (chunk) => (out += chunk))
  const [code] = (await once(process_, 'close')) as [number | null]
  return { code, out }
}

test('a second one with the same data says so and ends; the first goes on', async () => {
  const url = await start()
  const second = await run()
  expect(second.code).toBe(1)
  expect(second.out).toContain(`${join(dir, 'sandbox')} is in use by another sandbox`)
  expect((await fetch(`${url}/sandbox`)).status).toBe(200)
})

test('it tells its use when asked, and for an argument that it does not have', async () => {
  const help = await run('--help')
  expect([help.code, help.out]).toEqual([0, expect.stringContaining('SANDBOX_LIMITS')])
  const wrong = await run('--prot')
  expect([wrong.code, wrong.out]).toEqual([2, expect.stringContaining('no argument --prot')])
})
