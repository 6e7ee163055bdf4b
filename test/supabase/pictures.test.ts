import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictureSearch } from '../../src/observers/media/search.ts'
import { type SupabaseStandIn, startSupabase } from './stand-in.ts'

// The table and function of `schema.sql`, in a real Postgres behind a real PostgREST. Its `vector(1536)` is an array of numbers here, and
// its distance is computed in SQL: the extension does not come with the Postgres of the tests, and PostgREST reads both from the same JSON.
const SCHEMA = readFileSync(resolve(import.meta.dirname, '../../supabase/schema.sql'), 'utf8')
const OPTIONAL = SCHEMA.slice(SCHEMA.indexOf('-- create table if not exists public.eagle_images'))
  .replaceAll(/^-- /gm, '')
  .replaceAll('extensions.vector(1536)', 'float8[]')
const TABLE = `
create schema if not exists extensions;
grant usage on schema extensions to service_role;
create function extensions.distance(a float8[], b float8[]) returns float8 language sql immutable as $$
  select 1 - sum(x * y) / nullif(sqrt(sum(x * x)) * sqrt(sum(y * y)), 0) from unnest(a, b) as pair(x, y)
$$;
create operator extensions.<=> (leftarg = float8[], rightarg = float8[], function = extensions.distance);
${OPTIONAL}
insert into eagle_images (id, image_url, storage_path, folder, embedding, created_at) values
  ('door', 'https://pictures.example/door.png', null, 'rooms', '{1,0,0}', '2024-01-01'),
  ('gate', null, '/rooms/gate.png', 'rooms', '{0.9,0.4,0}', '2024-01-02'),
  ('lake', 'https://pictures.example/lake.png', null, 'land', '{0,1,0}', '2024-01-03'),
  ('bare', '', null, 'land', '{0,0.9,0.1}', '2024-01-04'),
  ('noon', 'https://pictures.example/noon.png', null, 'land', null, '2024-01-05');
`
const EMBEDDINGS: Record<string, number[]> = { 'a door': [1, 0, 0], 'a lake': [0, 1, 0] }

let server: SupabaseStandIn
beforeAll(async () => {
  server = await startSupabase()
  await server.sql(TABLE)
  await server.reload()
}, 60_000)
afterAll(() => server?.stop())

async function search(query: string, wish: Partial<{ pictures: number; min_similarity: number; folders: string[] }>) {
  const find = pictureSearch({ url: server.url, key: server.serviceKey }, async (text) => EMBEDDINGS[text] ?? [])
  const { pictures = 1, min_similarity = 0, folders = [] } = wish
  const { found } = await find(
    query,
    { pictures, limit: pictures, min_similarity, folders },
    AbortSignal.timeout(10_000),
  )
  return found.map((each) => (each.kind === 'url' ? each.url : each.kind))
}
const door = 'https://pictures.example/door.png'
const lake = 'https://pictures.example/lake.png'
const noon = 'https://pictures.example/noon.png'

test('pictures that fit are found by their embedding, the best one last, from the table or its bucket', async () => {
  expect(await search('a door', {})).toEqual([door])
  expect(await search('a door', { pictures: 2 })).toEqual([
    `${server.url}/storage/v1/object/public/eagle-images/rooms/gate.png`,
    door,
  ])
})

test('folders and the lowest similarity narrow it', async () => {
  expect(await search('a door', { folders: ['land'], pictures: 1, min_similarity: -1 })).not.toContain(door)
  expect(await search('a lake', { folders: ['land'], min_similarity: 0.5 })).toEqual([lake])
})

test('what is missing is topped up with the newest, none of them twice and none without an address', async () => {
  expect(await search('a door', { min_similarity: 0.99, pictures: 3 })).toEqual([lake, noon, door])
  await server.sql("update eagle_images set created_at = '2025-01-01' where id = 'door'")
  expect(await search('a door', { min_similarity: 0.99, pictures: 3 })).toEqual([lake, noon, door])
})

test('a function that is missing is named', async () => {
  await server.sql('drop function search_images_with_embedding')
  await server.reload()
  await expect(search('a door', {})).rejects.toThrow(
    /^Supabase could not search eagle_images \(search_images_with_embedding\): Could not find the function .*[^.]\.$/,
  )
})
