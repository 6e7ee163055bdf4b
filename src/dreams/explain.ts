import { type Dream, type DreamQuery, type DreamSource, wordsOf } from '../core/dreams.ts'
import { UserError } from '../core/errors.ts'

/** Dreams, at least one. Throws a UserError that names the filter that emptied the search, and what would find something. */
export async function findSome(source: DreamSource, query: DreamQuery): Promise<{ dreams: Dream[]; notes: string[] }> {
  const dreams = await source.find(query)
  if (dreams.length === 0) throw new UserError(await whyNone(source, query))
  const there = new Set(dreams.map(({ id }) => id))
  const missing = query.ids?.filter((id) => !there.has(id)) ?? []
  const notes =
    missing.length > 0
      ? [`Not found: ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ' and others' : ''}.`]
      : []
  return { dreams, notes }
}

/** How many of what another search finds are counted. */
const ENOUGH = 100

async function whyNone(source: DreamSource, query: DreamQuery): Promise<string> {
  const count = async (more: Partial<DreamQuery>) => {
    const found = (await source.find({ ...query, limit: ENOUGH, ...more })).length
    return { found, said: found === ENOUGH ? `${ENOUGH} or more` : String(found) }
  }
  const unfiltered: Partial<DreamQuery> = { query: undefined, ids: undefined, source: 'all' }
  const words = wordsOf(query.query)
  const asked = words.length > 0 ? ` \`${words.join(' ')}\`` : ''
  const all = await count(unfiltered)
  if (all.found === 0) return nothingAtAll(source, query, await count({ ...unfiltered, require_content: false }))

  if (query.ids) {
    const byId = await count({ ...unfiltered, ids: query.ids })
    if (byId.found === 0) {
      const some = await source.find({ ...query, ...unfiltered, limit: 3 })
      return `ids: ${source.name} has no item ${list(query.ids)}; ids there look like ${list(some.map(({ id }) => id))}.`
    }
  }
  if (query.source !== 'all') {
    const everyone = await count({ source: 'all' })
    if (everyone.found > 0) {
      const others = [
        ...new Set((await source.find({ ...query, source: 'all', limit: ENOUGH })).map((dream) => dream.source)),
      ]
      const names = others.flatMap((name) => (name === null ? [] : [`\`source:${name}\``]))
      return `source: nothing of \`${query.source}\` matches${asked}, but ${everyone.said} of other sources: use ${['`source:all`', ...names].join(' or ')}.`
    }
  }
  if (words.length > 1) {
    const each = await Promise.all(words.map(async (word) => ({ word, ...(await count({ query: word })) })))
    const lone = each.filter(({ found }) => found > 0)
    if (lone.length > 0)
      return `query: no item has all of ${list(words)}. ${lone.map(({ word, said }) => `\`${word}\` alone finds ${said}`).join(', ')}.`
  }
  if (words.length > 0) {
    const without = await count({ query: undefined })
    if (without.found > 0)
      return `query: nothing matches${asked}. Without it there are ${without.said}; fewer letters find more, since parts of words count.`
    return `query: nothing matches${asked}; ${source.name} holds ${all.said} in all. Fewer letters find more, since parts of words count.`
  }
  return `source: there is nothing of \`${query.source}\`; ${source.name} holds ${all.said} of other sources: use \`source:all\`.`
}

function nothingAtAll(source: DreamSource, query: DreamQuery, textless: { found: number; said: string }): string {
  if (textless.found > 0)
    return `Of ${textless.said} rows in \`${query.table}\` none has text in \`${query.content_field}\`: name the right column as \`content_field\`.`
  const hidden =
    source.name === 'Supabase'
      ? ', or row-level security hides its rows from this key (supabase/README.md says which policy it needs)'
      : ''
  return `\`${query.table}\` in ${source.name} is empty${hidden}: fill it with \`/dreams add\` or \`/dreams import\`.`
}

const list = (names: string[]): string =>
  new Intl.ListFormat('en').format(
    names
      .slice(0, 5)
      .map((name) => `\`${name}\``)
      .concat(names.length > 5 ? ['others'] : []),
  )
