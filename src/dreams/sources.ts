import type { DreamSource, DreamStore } from '../core/dreams.ts'
import type { SettingsStore } from '../core/store.ts'
import type { Client } from '../supabase/client.ts'
import { localDreams } from './local.ts'
import { supabaseDreams } from './supabase.ts'

/** Where a config's `kind` leads. */
export interface DreamSources {
  /** Supabase where it is set up, else the local store. */
  main: DreamSource
  local: DreamSource
}

export const sourceFor = (sources: DreamSources, kind: 'supabase' | 'local'): DreamSource =>
  kind === 'supabase' ? sources.main : sources.local

/** @param client null: Supabase is not set up. */
export function dreamSources(store: DreamStore & SettingsStore, client: Client | null): DreamSources {
  const local = localDreams(store)
  return { main: client === null ? local : supabaseDreams(client), local }
}
