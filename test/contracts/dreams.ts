import { beforeAll, describe, expect, test } from 'vitest'
import { type DreamSource, dreamQuery, type NewDream } from '../../src/core/dreams.ts'
import { findSome } from '../../src/dreams/explain.ts'

/** What every source of dreams that can be written does. `make` gives one that is empty. */
export function dreamSourceContract(name: string, make: () => Promise<DreamSource>) {
  describe(`dreams from ${name}`, () => {
    let source: DreamSource

    beforeAll(async () => {
      source = await make()
      expect(await source.put(DREAMS)).toEqual({ added: 5, changed: 0, same: 0 })
    })

    const ids = async (more: Parameters<typeof dreamQuery>[0]) =>
      (await source.find(dreamQuery(more))).map(({ id }) => id)

    test('gives the newest first, those without a date last', async () => {
      expect(await ids({})).toEqual(['lift', 'ferry', 'radio', 'percent', 'undated'])
      expect(await ids({ order_desc: false })).toEqual(['percent', 'radio', 'ferry', 'lift', 'undated'])
    })

    test('finds those that have every word, in any case, as parts of words', async () => {
      expect(await ids({ query: 'STATIC' })).toEqual(['lift', 'radio'])
      expect(await ids({ query: 'stat wool' })).toEqual(['radio'])
      expect(await ids({ query: 'tati' })).toEqual(['lift', 'radio'])
      expect(await ids({ query: 'static nowhere' })).toEqual([])
    })

    test('takes signs for what they are', async () => {
      expect(await ids({ query: '50%' })).toEqual(['percent'])
      expect(await ids({ query: 's%c' })).toEqual([])
      expect(await ids({ query: 'a_b' })).toEqual(['percent'])
      expect(await ids({ query: 'st*ic' })).toEqual([])
      expect(await ids({ query: '"quoted"' })).toEqual(['percent'])
      expect(await ids({ query: "it's" })).toEqual(['ferry'])
    })

    test('filters by source, ids and number', async () => {
      expect(await ids({ source: 'rsos' })).toEqual(['ferry', 'radio'])
      expect(await ids({ source: 'rsos', query: 'static' })).toEqual(['radio'])
      expect(await ids({ ids: ['radio', 'nothing', 'lift'] })).toEqual(['radio', 'lift'])
      expect(await ids({ ids: ['radio', 'lift'], source: 'mine' })).toEqual(['lift'])
      expect(await ids({ limit: 2 })).toEqual(['lift', 'ferry'])
      expect(await ids({ query: 'static', limit: 1 })).toEqual(['lift'])
    })

    test('brings the text whole, with date and source', async () => {
      const [dream] = await source.find(dreamQuery({ ids: ['ferry'] }))
      expect(dream).toMatchObject({ content: DREAMS[1]?.content, source: 'rsos' })
      expect(dream?.date).toMatch(/^2024-02-02/)
    })

    test('writing the same again changes nothing, writing it anew replaces it', async () => {
      expect(await source.put(DREAMS)).toEqual({ added: 0, changed: 0, same: 5 })
      const again = { ...(DREAMS[0] as NewDream), content: 'A lift full of static, going sideways.' }
      expect(await source.put([again])).toEqual({ added: 0, changed: 1, same: 0 })
      expect(await ids({ query: 'sideways' })).toEqual(['lift'])
      expect(await ids({ query: 'upwards' })).toEqual([])
      expect(await source.put([DREAMS[0] as NewDream])).toEqual({ added: 0, changed: 1, same: 0 })
    })

    test('says which filter found nothing, and what would', async () => {
      const why = (more: Parameters<typeof dreamQuery>[0]) =>
        findSome(source, dreamQuery(more)).then(
          () => '',
          (error) => (error as Error).message,
        )
      expect(await why({ query: 'wool', source: 'mine' })).toMatch(
        /source: .*`wool`.* 1 of other sources: use `all` or `rsos` as the source/,
      )
      expect(await why({ query: 'static ferry' })).toMatch(/query: .*`static` alone finds 2.*`ferry` alone finds 1/)
      expect(await why({ query: 'zebra' })).toMatch(/query: nothing matches `zebra`.* 5/)
      expect(await why({ ids: ['no-such'] })).toMatch(/ids: .*no-such.*look like `lift`/)
      expect(await why({ query: 'static', ids: ['ferry'] })).toMatch(
        /nothing matches ids `ferry` and query `static` together; without ids there are 2; without query there is 1/,
      )
      expect(await why({ query: 'zebra', source: 'nobody' })).toMatch(/together; without source and query there are 5/)
      expect(await why({ source: 'nobody' })).toMatch(/source:.*nobody.*use `all`.* as the source/)
    })
  })
}

const dream = (id: string, content: string, date: string | null, source: string): NewDream => ({
  ...{ id, content, date, source },
  more: {},
})

const DREAMS: NewDream[] = [
  dream('lift', 'A lift full of static, going upwards.', '2024-03-03', 'mine'),
  dream('ferry', "I am on a ferry, and it's full of snow. 夢の船。", '2024-02-02', 'rsos'),
  dream('radio', 'A radio made of wool. Ecstatic voices.', '2023-05-05', 'rsos'),
  dream('percent', '50% of a house, room a_b, the word "quoted".', '2022-01-01', 'mine'),
  dream('undated', 'Nobody knows when.', null, 'mine'),
]
