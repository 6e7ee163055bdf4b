import { setTimeout as sleep } from 'node:timers/promises'
import { supabaseArchive } from '../archive/remote.ts'
import type { Mcp } from '../core/mcp.ts'
import type { Env } from '../env.ts'
import { makeLog } from '../log.ts'
import { createMcp } from '../mcp/servers.ts'
import { transcript } from '../observers/transcript.ts'
import { openParts } from '../parts.ts'
import { adoptOrphans, thisDriver } from './drivers.ts'
import type { Parts, Stage } from './parts.ts'
import { whoSitsHere } from './person.ts'

// The same parts as the bot's (src/main.ts), wired without Discord. Loaded when a command first needs one of them.

/** How long runs that have just ended may take to reach Supabase (ms), and how long without a word. */
const LAST_SENDING = 20_000
const SILENT = 1000

export interface Opened {
  parts: Parts
  close(): Promise<void>
}

/** The servers of a file, apart from all else. */
export function openMcp(env: Env, root: string, configFile: string): Mcp {
  return createMcp({ configFile, root, env: env.named, log: logOf(env) })
}

/** A person at the terminal sees what matters as sentences; the log is for what nobody expected. */
function logOf(env: Env) {
  return makeLog(env.named.LOG_LEVEL === undefined ? 'warn' : env.LOG_LEVEL)
}

interface How {
  root: string
  /** The offline voice speaks slowly enough to be read. */
  paced: boolean
  /** Tells the person, in whole sentences. */
  tell(text: string): void
}

export async function openTerminalParts(env: Env, { root, paced, tell }: How): Promise<Opened> {
  const log = logOf(env)
  const driver = thisDriver()
  const offline = speaksOffline(env)
  let stage: Stage | null = null
  let isRead = paced
  const shown = {
    ...transcript,
    notice: ((run, text) => {
      stage?.notice(run, text)
      return []
    }) satisfies (typeof transcript)['notice'],
  }
  const common = await openParts({
    ...{ env, root, log, offline, driver, transcript: shown },
    paceMs: () => (isRead ? undefined : 0),
    posting: {
      channels: { find: async () => null },
      aside: ((...post) => stage?.post(...post)) satisfies Stage['post'],
    },
  })
  const { dataDir, store, bus, catalog, models, mcp, engine, batches, dreams, supabase, rounds, logs, archive } = common
  return {
    parts: {
      env,
      dataDir,
      offline,
      store,
      bus,
      catalog,
      models,
      mcp,
      steering: engine,
      batches,
      dreams,
      remote: supabase && supabaseArchive(supabase),
      log,
      driver,
      person: whoSitsHere(),
      async takeUp() {
        const waiting = await adoptOrphans(store)
        await logs.catchUp()
        await archive.catchUp()
        await engine.resumeAll()
        return waiting
      },
      hurry() {
        isRead = false
      },
      setStage(next) {
        stage = next
      },
    },
    async close() {
      await batches.close()
      await engine.drain(0)
      await rounds.close()
      await engine.settled()
      await logs.close()
      await lastSending(archive.close(), tell)
      await mcp.close()
      await store.close()
    },
  }
}

/** What Supabase has not got by then is sent the next time. */
async function lastSending(closing: Promise<void>, tell: How['tell']): Promise<void> {
  const over = (ms: number) => sleep(ms, 'over' as const, { ref: false })
  if ((await Promise.race([closing, over(SILENT)])) !== 'over') return
  tell(
    `Waiting for Supabase to take what has just ended, ${LAST_SENDING / 1000} seconds at most. Ctrl-C leaves at once.`,
  )
  if ((await Promise.race([closing, over(LAST_SENDING - SILENT)])) !== 'over') return
  tell('Supabase has not answered. The runs are kept here; they are sent the next time, or with sync.')
}

/** When no key is set at all, the offline voice speaks for every alias; local models speak for themselves. */
function speaksOffline(env: Env): boolean {
  return !env.ANTHROPIC_API_KEY && !env.OPENAI_API_KEY && !env.OPENROUTER_API_KEY
}
