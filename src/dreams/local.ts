import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DreamSource, DreamStore } from '../core/dreams.ts'
import type { SettingsStore } from '../core/store.ts'
import { parseDreams } from './file.ts'

const STARTED = 'dreams_started'

/** The dreams in the local store; on first use it takes up the thirty that come with the project. */
export function localDreams(store: DreamStore & Pick<SettingsStore, 'fact' | 'setFact'>): DreamSource {
  let started: Promise<void> | null = null

  async function start(): Promise<void> {
    if ((await store.fact(STARTED)) !== null) return
    const file = join(import.meta.dirname, 'starter.jsonl')
    await store.putDreams(parseDreams('starter.jsonl', await readFile(file)).dreams)
    await store.setFact(STARTED, new Date().toISOString())
  }

  const ready = () => {
    started ??= start().catch((error) => {
      started = null
      throw error
    })
    return started
  }

  return {
    name: 'the local store',
    async find(query) {
      await ready()
      return store.findDreams(query)
    },
    async put(dreams) {
      await ready()
      return store.putDreams(dreams)
    },
  }
}
