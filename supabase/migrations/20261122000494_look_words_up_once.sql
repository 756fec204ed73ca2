-- Search in conversations takes the same time whatever the statistics say. Beside a person's conversations, words were
-- looked up once for each of them where the planner took somebody with thousands of new ones for somebody with one:
-- eight seconds instead of ten milliseconds, until the table was analysed. And of words that all messages hold, each
-- message of everybody was read. Each question is a statement of its own now, and asked of an index.

-- What it takes to make words of a message, beside comparing two numbers; the planner took it for as cheap as that.
alter function roost.words_of(jsonb) cost 5000;

-- With its owner's rights, because an index over words is of no use to a query under row-level security; what it looks
-- at is bound to whoever asks.
--   p_after: the {pinned, updated_at, id} of the last one of the page before
create or replace function public.find_conversations(p_query text, p_archived boolean, p_limit integer, p_after jsonb)
returns jsonb
language plpgsql stable security definer set search_path = ''
-- To read the table means to make words of every message; and so does an index whose finds do not fit into memory.
set enable_seqscan = off set work_mem = '64MB' as $$
declare
  -- Words that are in more messages than this are no help to find any.
  c_common constant integer := 20000;
  v_user uuid := auth.uid();
  v_words tsquery := plainto_tsquery('pg_catalog.simple', p_query);
  v_said text[];
begin
  if roost.principals(v_user) is null then
    return '[]';
  end if;
  if numnode(v_words) > 0 then
    -- The last word may be begun only, unless something after it says that it is whole.
    v_words := (v_words::text || case when p_query ~ '[[:alnum:]]$' then ':*' else '' end)::tsquery;
    -- Of everybody: whose they are, the page below asks.
    v_said := array(
      select m.conversation_id from public.messages as m where roost.words_of(m.parts) @@ v_words limit c_common + 1);
    if cardinality(v_said) > c_common then
      v_said := array(
        select c.id from public.conversations as c
        where c.user_id = v_user and exists (
          -- The offset keeps the two apart: only these messages are read.
          select from (select m.parts from public.messages as m where m.conversation_id = c.id offset 0) as own
          where roost.words_of(own.parts) @@ v_words));
    end if;
  end if;
  return (
    select coalesce(jsonb_agg(to_jsonb(page) order by page.pinned desc, page.updated_at desc, page.id desc), '[]')
    from (
      select c.id, c.title, c.pinned, c.archived, c.created_at, c.updated_at,
        a.slug as agent_slug, a.name as agent_name,
        case when c.id in (select unnest(v_said)) then (
          select ts_headline('pg_catalog.simple', left(roost.said(own.parts), 100000), v_words,
            'MaxFragments=1, MinWords=6, MaxWords=16, StartSel="", StopSel=""')
          from (
            select m.parts from public.messages as m where m.conversation_id = c.id
            order by m.created_at desc offset 0) as own
          where roost.words_of(own.parts) @@ v_words limit 1) end as excerpt
      from public.conversations as c left join public.agents as a on a.id = c.agent_id
      where c.user_id = v_user and c.archived = p_archived and not c.trial
        -- As a list that is made once and hashed, not an array that is read for each.
        and (p_query = '' or c.id in (select unnest(v_said)) or strpos(lower(c.title), lower(p_query)) > 0)
        and (p_after is null or (c.pinned, c.updated_at, c.id)
          < ((p_after ->> 'pinned')::boolean, (p_after ->> 'updated_at')::timestamptz, p_after ->> 'id'))
      order by c.pinned desc, c.updated_at desc, c.id desc limit p_limit
    ) as page);
end
$$;
