import type { ArchiveFilter, ArchiveStore } from '../core/archive.ts'
import { plural } from '../core/figures.ts'

type Filter = Omit<ArchiveFilter, 'limit'>

/** Which filter emptied a search of the archive, and what would find something. */
export async function whyNoneArchived(filter: Filter, store: Pick<ArchiveStore, 'searchArchive'>): Promise<string> {
  const count = async (without: Partial<Filter>) =>
    (await store.searchArchive({ ...filter, ...without, limit: 0 })).total
  const all = await count({
    query: undefined,
    model: undefined,
    template: undefined,
    since: undefined,
    until: undefined,
    exit_reason: undefined,
  })
  if (all === 0) return 'The archive is empty: runs enter it when they have ended.'
  const names = {
    query: 'query',
    model: 'model',
    template: 'template',
    since: 'since',
    until: 'until',
    exit_reason: 'end',
  } as const
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
    if (filter[key] === undefined) continue
    const found = await count({ [key]: undefined })
    if (found > 0)
      return `${name}: nothing matches \`${shown(filter[key])}\` here; without it there ${found === 1 ? 'is 1 run' : `are ${found} runs`}.`
  }
  return `Nothing matches; the archive holds ${plural(all, 'run')}. Leave out some of the filters.`
}

const shown = (value: string | number | undefined): string =>
  typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : (value ?? '')
