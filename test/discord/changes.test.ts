import { once } from 'node:events'
import type { Client } from 'discord.js'
import { afterEach, expect, it } from 'vitest'
import { watchPlaces } from '../../src/discord/changes.ts'
import { makeClient } from '../../src/discord/client.ts'
import type { Fault } from '../../src/sandbox/core/faults.ts'
import { strikeWorld } from '../../src/sandbox/core/world-faults.ts'
import { makeRig, type Rig } from './rig.ts'

let rig: Rig
let client: Client
afterEach(async () => {
  await client.destroy()
  await rig.close()
})

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

it.each([
  ['thread_deleted', 'thread', /^gone .*thread was deleted/],
  ['thread_locked', 'thread', /^locked .*thread is locked/],
  ['channel_deleted', 'channel', /^gone .*channel was deleted/],
  ['membership_withdrawn', 'server', /^blocked .*removed from the server/],
] as const)('hears of %s while nobody posts', async (kind, what, told) => {
  rig = await makeRig()
  const { sandbox, store } = rig
  client = makeClient({ token: sandbox.token, apiUrl: sandbox.apiUrl, log: quiet })
  const hooks = {
    onThreadGone: (runId: string, reason: string) => void rig.told.push(`gone ${runId}: ${reason}`),
    onLocked: (runId: string, sentence: string) => void rig.told.push(`locked ${runId}: ${sentence}`),
    onBlocked: (runId: string, sentence: string) => void rig.told.push(`blocked ${runId}: ${sentence}`),
  }
  watchPlaces(client, { store, bus: rig.bus, log: quiet }, hooks)
  await Promise.all([once(client, 'clientReady'), client.login(sandbox.token)])
  const run = await rig.run()
  await rig.settled()
  await expect.poll(async () => client.channels.cache.has(await rig.thread(run.id))).toBe(true)

  const target = { thread: await rig.thread(run.id), channel: run.channel_id ?? '', server: undefined }[what]
  sandbox.world.transaction(() => strikeWorld(sandbox.world, { route: '*', kind, target } as Fault))
  await expect.poll(() => rig.told).toContainEqual(expect.stringMatching(told))
})
