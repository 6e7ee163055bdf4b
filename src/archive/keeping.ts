import { isAbsolute, join, relative, resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { DreamSources } from '../dreams/sources.ts'
import type { Keeping } from '../observers/archive.ts'

/** What the config of a run, or of its batch, says of how it is kept. */
export async function keepingOf(run: Run, store: Pick<Store, 'batch' | 'fact'>, root: string): Promise<Keeping> {
  const batch = run.batch_id === null ? null : await store.batch(run.batch_id)
  const fact = batch ? null : await store.fact(factOf(run.id))
  const said: Keeping = batch?.manifest.config ?? (fact ? JSON.parse(fact) : { auto_sync: null, meta_jsonl: null })
  return {
    auto_sync: said.auto_sync,
    meta_jsonl: said.meta_jsonl === null ? null : resolve(root, said.meta_jsonl),
  }
}

/** For a run of a `single` config. */
export async function keepAs(
  runId: string,
  { auto_sync, meta_jsonl }: Keeping,
  store: Pick<Store, 'setFact'>,
): Promise<void> {
  if (auto_sync === null && meta_jsonl === null) return
  await store.setFact(factOf(runId), JSON.stringify({ auto_sync, meta_jsonl }))
}

/** What a config that would have its runs sent is told where there is nowhere to send them. @param where its file */
export function syncNotes(auto_sync: boolean | null, where: string, sources: DreamSources): string[] {
  if (auto_sync !== true || sources.main !== sources.local) return []
  return [
    `${where}: auto_sync: SUPABASE_URL and SUPABASE_KEY are not set, so its runs stay in the archive on this machine; once they are set, sync sends them.`,
  ]
}

const factOf = (runId: string): string => `keeping:${runId}`

/** Throws UserError when a config would have its meta lines written outside of the project. */
export function requireInside(root: string, file: string, metaJsonl: string | null): void {
  if (metaJsonl === null) return
  const path = relative(root, isAbsolute(metaJsonl) ? metaJsonl : join(root, metaJsonl))
  if (path.startsWith('..') || isAbsolute(path) || !/\.jsonl?$/.test(path))
    throw new UserError(
      `${file}: output.meta_jsonl: "${metaJsonl}" should be a .jsonl file inside the project's folder, like var/backrooms_logs/mine_meta.jsonl.`,
    )
}
