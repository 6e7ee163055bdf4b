import { expect, test } from 'vitest'
import { dreamQuery } from '../../src/core/dreams.ts'
import { localDreams } from '../../src/dreams/local.ts'
import { openStore } from '../../src/store/open.ts'
import { dreamSourceContract } from '../contracts/dreams.ts'

dreamSourceContract('the local store', async () => {
  const store = await openStore(':memory:')
  await store.setFact('dreams_started', 'before')
  return localDreams(store)
})

test('a new store holds thirty dreams on first use, and only once', async () => {
  const store = await openStore(':memory:')
  expect(await localDreams(store).find(dreamQuery())).toHaveLength(30)
  expect((await localDreams(store).find(dreamQuery({ query: 'static', source: 'mine' }))).length).toBeGreaterThan(1)
  expect(await localDreams(store).find(dreamQuery())).toHaveLength(30)
})

test('case and accents do not count, and words of one letter are found', async () => {
  const store = await openStore(':memory:')
  const source = localDreams(store)
  await source.put([
    { id: 'a', content: 'Une FORÊT électrique', date: null, source: 'mine', more: {} },
    { id: 'b', content: '夢の中の駅', date: null, source: 'mine', more: {} },
  ])
  const ids = async (query: string) => (await source.find(dreamQuery({ query }))).map(({ id }) => id)
  expect(await ids('foret ELECTR')).toEqual(['a'])
  expect(await ids('FORÊT')).toEqual(['a'])
  expect(await ids('夢')).toEqual(['b'])
  expect(await ids('の駅')).toEqual(['b'])
})

test('refuses tables and columns that it does not have', async () => {
  const source = localDreams(await openStore(':memory:'))
  await expect(source.find(dreamQuery({ table: 'visions' }))).rejects.toThrow(/only the table `dreams`.*SUPABASE_URL/)
  await expect(source.find(dreamQuery({ order_column: 'mood' }))).rejects.toThrow(/no column `mood`.*date/)
})

test('searches other columns, and takes the text from where the config says', async () => {
  const source = localDreams(await openStore(':memory:'))
  await source.put([
    { id: 'm', content: 'plain', date: null, source: 'mine', more: { mood: 'Odd', long: 'the long text' } },
  ])
  const [found] = await source.find(
    dreamQuery({ search_column: 'mood', query: 'ODD', content_field: 'longer', content_fallback_fields: ['long'] }),
  )
  expect(found).toMatchObject({ id: 'm', content: 'the long text' })
})
