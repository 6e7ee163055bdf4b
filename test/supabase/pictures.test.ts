import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictureSearch } from '../../src/observers/media/search.ts'
import { type SupabaseStandIn, startSupabase } from './stand-in.ts'

// The predecessor's table and function, in a real Postgres behind a real PostgREST. Its `vector(1536)` is an array of numbers here:
// the extension does not come with the Postgres of the tests, and PostgREST reads both from the same JSON.
const TABLE = `
create table eagle_images (
  id bigint generated always as identity primary key,
  eagle_id text unique not null,
  image_url text,
  storage_path text,
  folder text,
  embedding float8[],
  created_at timestamptz not null
);
create function search_images_with_embedding(
  query_embedding float8[], match_limit int default 10, folder_filter text[] default null, similarity_threshold float8 default 0
) returns table (eagle_id text, image_url text, storage_path text, similarity float8) language sql stable as $$
  select e.eagle_id, e.image_url, e.storage_path, s.similarity
  from eagle_images e
  cross join lateral (
    select sum(a * b) / nullif(sqrt(sum(a * a)) * sqrt(sum(b * b)), 0) as similarity
    from unnest(e.embedding, query_embedding) as pair(a, b)
  ) s
  where s.similarity >= similarity_threshold and (folder_filter is null or e.folder = any(folder_filter))
  order by s.similarity desc
  limit match_limit
$$;
insert into eagle_images (eagle_id, image_url, storage_path, folder, embedding, created_at) values
  ('door', 'https://pictures.example/door.png', null, 'rooms', '{1,0,0}', '2024-01-01'),
  ('gate', null, '/rooms/gate.png', 'rooms', '{0.9,0.4,0}', '2024-01-02'),
  ('lake', 'https://pictures.example/lake.png', null, 'land', '{0,1,0}', '2024-01-03'),
  ('bare', '', null, 'land', '{0,0.9,0.1}', '2024-01-04'),
  ('noon', 'https://pictures.example/noon.png', null, 'land', null, '2024-01-05');
grant select on eagle_images to anon, service_role;
grant execute on function search_images_with_embedding to anon, service_role;
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
  const find = pictureSearch({ url: server.url, key: server.anonKey }, async (text) => EMBEDDINGS[text] ?? [])
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
  await server.sql("update eagle_images set created_at = '2025-01-01' where eagle_id = 'door'")
  expect(await search('a door', { min_similarity: 0.99, pictures: 3 })).toEqual([lake, noon, door])
})

test('a function that is missing is named', async () => {
  await server.sql('drop function search_images_with_embedding')
  await server.reload()
  await expect(search('a door', {})).rejects.toThrow(
    /^Supabase could not search eagle_images \(search_images_with_embedding\): Could not find the function .*[^.]\.$/,
  )
})
