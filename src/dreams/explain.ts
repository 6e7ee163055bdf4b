import { type Dream, type DreamQuery, type DreamSource, wordsOf } from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'
import { type Culprits, culprits } from '../core/filters.ts'

/** Dreams, at least one. Throws a UserError that names the filter that emptied the search, and what would find something. */
export async function findSome(source: DreamSource, query: DreamQuery): Promise<{ dreams: Dream[]; notes: string[] }> {
  const dreams = await source.find(query)
  if (dreams.length === 0) throw new UserError(await whyNone(source, query))
  return { dreams, notes: notFound(query, dreams) }
}

/** A sentence that names the ids that were asked for and not found. */
export function notFound({ ids = [] }: DreamQuery, dreams: Dream[]): string[] {
  const there = new Set(dreams.map(({ id }) => id))
  const missing = ids.filter((id) => !there.has(id))
  return missing.length === 0
    ? []
    : [
        `Not found: ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ` and ${missing.length - 10} others` : ''}.`,
      ]
}

/** How many of what another search finds are counted. */
const ENOUGH = 100

type Filter = 'query' | 'source' | 'ids'

const WITHOUT: Record<Filter, Partial<DreamQuery>> = {
  query: { query: undefined },
  source: { source: 'all' },
  ids: { ids: undefined },
}

/** Which filter emptied a search, and what would find something. */
export async function whyNone(source: DreamSource, query: DreamQuery): Promise<string> {
  const count = async (more: Partial<DreamQuery>) => (await source.find({ ...query, limit: ENOUGH, ...more })).length
  const countWithout = (filters: Filter[]) => count(Object.assign({}, ...filters.map((filter) => WITHOUT[filter])))
  const words = wordsOf(query.query)
  const all = await countWithout(['query', 'source', 'ids'])
  if (all === 0) {
    const textless = await count({ ...WITHOUT.query, ...WITHOUT.source, ...WITHOUT.ids, require_content: false })
    return nothingAtAll(source, query, textless)
  }
  if (query.ids && (await countWithout(['query', 'source'])) === 0) {
    const some = await source.find({ ...query, ...WITHOUT.query, ...WITHOUT.source, ...WITHOUT.ids, limit: 3 })
    return `ids: ${source.name} has no item ${list(query.ids)}; ids there look like ${list(some.map(({ id }) => id))}.`
  }
  const given: Filter[] = [
    ...(query.ids ? (['ids'] as const) : []),
    ...(query.source !== 'all' ? (['source'] as const) : []),
    ...(words.length > 0 ? (['query'] as const) : []),
  ]
  const found = await culprits(given, countWithout)
  const single = found.length === 1 && found[0]?.without.length === 1 ? found[0] : null
  const alone = single?.without[0] ?? (given.length === 1 ? given[0] : undefined)
  if (alone === 'source') return ofOtherSources(source, query, words, single?.found ?? all)
  if (alone === 'query') return ofOtherWords(source, words, single?.found ?? all, given.length > 1, count)
  const ofSource = found.find(({ without }) => without.length === 1 && without[0] === 'source')
  if (ofSource) {
    const others = found.filter((each) => each !== ofSource).map(remedy)
    return `${await ofOtherSources(source, query, words, ofSource.found)} Or ${others.join(', or ')}.`
  }
  const asked = given.map((filter) => shownFilter(filter, query, words))
  const remedies = found.map(remedy)
  const more = remedies.length === 0 ? `${source.name} holds ${many(all)}: leave out some of them` : remedies.join('; ')
  return `${given.join(', ')}: nothing matches ${new Intl.ListFormat('en').format(asked)} together; ${more}.`
}

async function ofOtherSources(source: DreamSource, query: DreamQuery, words: string[], found: number): Promise<string> {
  const others = [
    ...new Set((await source.find({ ...query, source: 'all', limit: ENOUGH })).map((dream) => dream.source)),
  ]
  const names = others.flatMap((name) => (name === null ? [] : [`\`${name}\``]))
  const asked = words.length > 0 ? ` \`${words.join(' ')}\`` : ''
  return `source: nothing of \`${query.source}\` matches${asked}, but ${many(found)} of other sources: use ${['`all`', ...names].join(' or ')} as the source.`
}

async function ofOtherWords(
  source: DreamSource,
  words: string[],
  found: number,
  narrowed: boolean,
  count: (more: Partial<DreamQuery>) => Promise<number>,
): Promise<string> {
  if (words.length > 1) {
    const each = await Promise.all(words.map(async (word) => ({ word, found: await count({ query: word }) })))
    const lone = each.filter((one) => one.found > 0)
    if (lone.length > 0)
      return `query: no item has all of ${list(words)}. ${lone.map((one) => `\`${one.word}\` alone finds ${many(one.found)}`).join(', ')}.`
  }
  const asked = `query: nothing matches \`${words.join(' ')}\``
  const hint = 'ewer letters find more, since parts of words count.'
  return narrowed
    ? `${asked}. Without it there ${there(found)}; f${hint}`
    : `${asked}; ${source.name} holds ${many(found)} in all. F${hint}`
}

function shownFilter(filter: Filter, query: DreamQuery, words: string[]): string {
  if (filter === 'ids') return `ids ${list(query.ids ?? [])}`
  return filter === 'source' ? `source \`${query.source}\`` : `query \`${words.join(' ')}\``
}

const many = (found: number): string => (found === ENOUGH ? `${ENOUGH} or more` : String(found))
const there = (found: number): string => (found === 1 ? 'is 1' : `are ${many(found)}`)
const remedy = ({ without, found }: Culprits<Filter>): string =>
  `without ${without.join(' and ')} there ${there(found)}`

function nothingAtAll(source: DreamSource, query: DreamQuery, textless: number): string {
  if (textless > 0)
    return `Of ${many(textless)} rows in \`${query.table}\` none has text in \`${query.content_field}\`: name the right column as \`content_field\`.`
  const hidden =
    source.name === 'Supabase'
      ? ', or row-level security hides its rows from this key (supabase/README.md says which policy it needs)'
      : ''
  const remedy =
    query.table === 'dreams'
      ? 'fill it with `dreams add` or `dreams import`'
      : 'put rows into it, or name another with `table`'
  return `\`${query.table}\` in ${source.name} is empty${hidden}: ${remedy}.`
}

const list = (names: string[]): string =>
  new Intl.ListFormat('en').format(
    names
      .slice(0, 5)
      .map((name) => `\`${name}\``)
      .concat(names.length > 5 ? ['others'] : []),
  )
