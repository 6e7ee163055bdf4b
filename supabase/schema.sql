-- What Backrooms uses of a Supabase project of yours. Paste it into the SQL editor and run it; running it again changes nothing.
-- supabase/README.md explains it for newcomers.

create extension if not exists pg_trgm with schema public;

-- Dreams: rows that seed runs (`/dreamsim3`, `/dreams`).
create table if not exists public.dreams (
  id text primary key default gen_random_uuid()::text,
  content text not null,
  date timestamptz,
  source text not null default 'mine'
);
create index if not exists dreams_by_date on public.dreams (date desc nulls last, id desc);
create index if not exists dreams_by_source on public.dreams (source);
-- Finds parts of words without reading every row.
create index if not exists dreams_by_content on public.dreams using gin (content public.gin_trgm_ops);

-- Runs that have ended, one row each (`auto_sync`, `npm run backrooms -- sync`).
create table if not exists public.backrooms (
  log_file text primary key,
  models text[] not null,
  template text not null,
  max_turns integer,
  created_at timestamptz not null,
  duration_sec integer,
  exit_reason text,
  prompt text,
  transcript text,
  dream_id text,
  source text
);
create index if not exists backrooms_by_date on public.backrooms (created_at desc);
create index if not exists backrooms_by_template on public.backrooms (template);
create index if not exists backrooms_by_models on public.backrooms using gin (models);

-- Every word of q occurs, in any case; the newest first. PostgREST calls it with q, limit and offset.
create or replace function public.dreams_search(q text, "limit" integer default 200, "offset" integer default 0)
returns setof public.dreams
language sql
stable
security invoker
set search_path = ''
as $$
  select d.*
  from public.dreams d
  where not exists (
    select 1
    from regexp_split_to_table(trim(dreams_search.q), '\s+') as word
    where d.content not ilike '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
  )
  order by d.date desc nulls last, d.id desc
  limit greatest(dreams_search."limit", 0)
  offset greatest(dreams_search."offset", 0);
$$;

-- Row-level security. Without a policy nobody but the service role sees or changes a row. These let everyone who has the anon key
-- read dreams, and nothing else; leave the policy out if your dreams are nobody's business. The bot writes with the service role key.
alter table public.dreams enable row level security;
alter table public.backrooms enable row level security;

drop policy if exists "anyone may read dreams" on public.dreams;
create policy "anyone may read dreams" on public.dreams for select to anon, authenticated using (true);

grant select on public.dreams to anon, authenticated;
grant select, insert, update, delete on public.dreams, public.backrooms to service_role;
grant execute on function public.dreams_search(text, integer, integer) to anon, authenticated, service_role;

-- Optional: pictures for media presets with "strategy": "semantic_search" (README.md, "Pictures"). Take the `-- ` off every line below.
-- The number is the length of text-embedding-3-small's vectors, which the bot asks with.
-- create extension if not exists vector with schema extensions;
-- create table if not exists public.eagle_images (
--   id text primary key default gen_random_uuid()::text,
--   title text,
--   image_url text,
--   storage_path text,
--   folder text,
--   created_at timestamptz not null default now(),
--   embedding extensions.vector(1536)
-- );
-- create or replace function public.search_images_with_embedding(
--   query_embedding extensions.vector(1536),
--   match_limit integer default 10,
--   folder_filter text[] default null,
--   similarity_threshold double precision default 0
-- )
-- returns table (id text, title text, image_url text, storage_path text, folder text, similarity double precision)
-- language sql
-- stable
-- security invoker
-- set search_path = ''
-- as $$
--   select i.id, i.title, i.image_url, i.storage_path, i.folder, 1 - d.distance
--   from public.eagle_images i
--   cross join lateral (select i.embedding operator(extensions.<=>) query_embedding as distance) d
--   where 1 - d.distance >= similarity_threshold and (folder_filter is null or i.folder = any (folder_filter))
--   order by d.distance
--   limit greatest(match_limit, 0);
-- $$;
-- alter table public.eagle_images enable row level security;
-- grant select, insert, update, delete on public.eagle_images to service_role;
-- grant execute on function public.search_images_with_embedding to service_role;
