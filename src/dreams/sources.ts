import type { DreamSource } from '../core/dreams.ts'

/** Where a config's `kind` leads. */
export interface DreamSources {
  /** Supabase where it is set up, else the local store. */
  main: DreamSource
  local: DreamSource
}

export const sourceFor = (sources: DreamSources, kind: 'supabase' | 'local'): DreamSource =>
  kind === 'supabase' ? sources.main : sources.local
