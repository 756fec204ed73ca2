-- What agents remember of a person from one conversation to the next. A memory is the person's own: they see it, they
-- delete it, and nobody else does either, not even an admin.

create table public.memories (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  -- Which agent wrote it. All agents that may use memory recall it.
  agent_id uuid references public.agents (id) on delete set null,
  text text not null check (length(text) between 1 and 2000),
  -- By which model; a memory of another model's is found by its words alone.
  embedding_model text,
  embedding extensions.halfvec,
  created_at timestamptz not null default now(),
  recalled_at timestamptz
);
create index memories_of_user on public.memories (user_id, created_at desc, id desc);
create unique index memories_once on public.memories (user_id, md5(text));

alter table public.memories enable row level security;
revoke all on public.memories from anon, authenticated;
grant select, delete on public.memories to authenticated;
grant all on public.memories to service_role;
create policy "read own" on public.memories for select to authenticated using (user_id = (select auth.uid()));
create policy "delete own" on public.memories for delete to authenticated using (user_id = (select auth.uid()));

-- Write something down; what is there already is not written twice. The eldest go where a person has more than 500.
create function public.remember(p_user uuid, p_agent uuid, p_text text, p_embedding text, p_model text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_id uuid;
begin
  insert into public.memories (user_id, agent_id, text, embedding, embedding_model)
  values (p_user, (select id from public.agents where id = p_agent), p_text, p_embedding::extensions.halfvec, p_model)
  on conflict (user_id, md5(text)) do update
    set embedding = excluded.embedding, embedding_model = excluded.embedding_model
  returning id into v_id;
  delete from public.memories where id in (
    select id from public.memories where user_id = p_user order by created_at desc, id desc offset 500);
  return v_id;
end
$$;

-- The memories that bear on a question, by meaning and by words together.
create function public.recall(p_user uuid, p_query text, p_embedding text, p_model text, p_limit integer)
returns table (id uuid, text text, created_at timestamptz)
language plpgsql security definer set search_path = '' as $$
begin
  return query
  with words as (
    select array_agg(distinct lexeme) as asked
    from unnest(pg_catalog.to_tsvector('pg_catalog.simple', p_query)) where length(lexeme) > 2
  ), ranked as (
    select m.id,
      coalesce(case when m.embedding_model = p_model and p_embedding is not null
        then 1 - (m.embedding operator(extensions.<=>) p_embedding::extensions.halfvec) end, 0)
      + 0.5 * coalesce((
        select count(*)::double precision / cardinality(words.asked)
        from unnest(pg_catalog.to_tsvector('pg_catalog.simple', m.text)) as found
        where found.lexeme = any (words.asked)), 0) as score
    from public.memories as m, words where m.user_id = p_user
  ), best as (
    select ranked.id, ranked.score from ranked where ranked.score > 0.15 order by ranked.score desc limit p_limit
  ), noted as (
    update public.memories as m set recalled_at = now() from best where m.id = best.id
    returning m.id, m.text, m.created_at, best.score
  )
  select noted.id, noted.text, noted.created_at from noted order by noted.score desc;
end
$$;

create function public.forget(p_user uuid, p_id uuid) returns boolean
language sql security definer set search_path = '' as $$
  with gone as (delete from public.memories where id = p_id and user_id = p_user returning 1)
  select exists (select from gone)
$$;

revoke all on function
  public.remember(uuid, uuid, text, text, text), public.recall(uuid, text, text, text, integer),
  public.forget(uuid, uuid)
from public, anon, authenticated;
grant execute on function
  public.remember(uuid, uuid, text, text, text), public.recall(uuid, text, text, text, integer),
  public.forget(uuid, uuid)
to service_role;
