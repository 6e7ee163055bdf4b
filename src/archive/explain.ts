import type { ArchiveFilter, ArchiveStore } from '../core/archive.ts'
import { plural } from '../core/figures.ts'
import { type Culprits, culprits } from '../core/filters.ts'

type Filter = Omit<ArchiveFilter, 'limit'>

/** As people give them. */
const NAMES = {
  query: 'query',
  model: 'model',
  template: 'template',
  since: 'since',
  until: 'until',
  exit_reason: 'end',
} as const

type Name = keyof typeof NAMES

/** Which filters emptied a search of the archive, and what would find something. */
export async function whyNoneArchived(filter: Filter, store: Pick<ArchiveStore, 'searchArchive'>): Promise<string> {
  const names = Object.keys(NAMES) as Name[]
  const count = async (without: Name[]) => {
    const less = Object.fromEntries(without.map((name) => [name, undefined]))
    return (await store.searchArchive({ ...filter, ...less, limit: 0 })).total
  }
  const all = await count(names)
  if (all === 0) return 'The archive is empty: runs enter it when they have ended.'
  const given = names.filter((name) => filter[name] !== undefined)
  const found = await culprits(given, count)
  const [first] = found
  if (first && found.length === 1 && first.without.length === 1) {
    const name = first.without[0] as Name
    const there = first.found === 1 ? 'is 1 run' : `are ${plural(first.found, 'run')}`
    return `${NAMES[name]}: nothing matches \`${shown(filter[name])}\` here; without it there ${there}.`
  }
  const asked = given.map((name) => `${NAMES[name]} \`${shown(filter[name])}\``)
  const more =
    found.length === 0
      ? `The archive holds ${plural(all, 'run')}: leave out some of them.`
      : `Without ${found.map(remedy).join('; without ')}.`
  return `Nothing matches ${new Intl.ListFormat('en').format(asked)} together. ${more}`
}

const remedy = ({ without, found }: Culprits<Name>): string =>
  `${without.map((name) => NAMES[name]).join(' and ')} there ${found === 1 ? 'is 1 run' : `are ${plural(found, 'run')}`}`

const shown = (value: string | number | undefined): string =>
  typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : (value ?? '')
