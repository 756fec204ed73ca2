-- A person's conversations in pages, and search over what was said in them. Pinned ones first, then those changed last.

create index conversations_in_order
  on public.conversations (user_id, archived, pinned desc, updated_at desc, id desc) where not trial;

-- 100,000 letters of a message can be found: a longer one would make more words than an index entry holds.
create function roost.words_of(p_parts jsonb) returns tsvector
language sql immutable set search_path = '' as $$
  select to_tsvector('pg_catalog.simple', left(roost.said(p_parts), 100000))
$$;
grant execute on function roost.words_of(jsonb) to authenticated, service_role;
create index messages_by_words on public.messages using gin (roost.words_of(parts));

-- With its owner's rights, because an index over words is of no use to a query under row-level security; what it looks
-- at is bound to whoever asks.
--   p_after: the {pinned, updated_at, id} of the last one of the page before
create function public.find_conversations(p_query text, p_archived boolean, p_limit integer, p_after jsonb)
returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_user uuid := auth.uid();
  v_words tsquery := plainto_tsquery('pg_catalog.simple', p_query);
  v_found text[];
begin
  if roost.principals(v_user) is null then
    return '[]';
  end if;
  if p_query <> '' then
    -- The last word may be begun only, unless something after it says that it is whole.
    v_words := case when numnode(v_words) > 0 then
      (v_words::text || case when p_query ~ '[[:alnum:]]$' then ':*' else '' end)::tsquery end;
    v_found := array(
      select m.conversation_id from public.messages as m
      join public.conversations as c on c.id = m.conversation_id and c.user_id = v_user
      where roost.words_of(m.parts) @@ v_words);
  end if;
  return (
    select coalesce(jsonb_agg(to_jsonb(page) order by page.pinned desc, page.updated_at desc, page.id desc), '[]')
    from (
      select c.id, c.title, c.pinned, c.archived, c.created_at, c.updated_at,
        a.slug as agent_slug, a.name as agent_name,
        case when c.id = any (v_found) then (
          select ts_headline('pg_catalog.simple', left(roost.said(m.parts), 100000), v_words,
            'MaxFragments=1, MinWords=6, MaxWords=16, StartSel="", StopSel=""')
          from public.messages as m where m.conversation_id = c.id and roost.words_of(m.parts) @@ v_words
          order by m.created_at desc limit 1) end as excerpt
      from public.conversations as c left join public.agents as a on a.id = c.agent_id
      where c.user_id = v_user and c.archived = p_archived and not c.trial
        and (p_query = '' or c.id = any (v_found) or strpos(lower(c.title), lower(p_query)) > 0)
        and (p_after is null or (c.pinned, c.updated_at, c.id)
          < ((p_after ->> 'pinned')::boolean, (p_after ->> 'updated_at')::timestamptz, p_after ->> 'id'))
      order by c.pinned desc, c.updated_at desc, c.id desc limit p_limit
    ) as page);
end
$$;
revoke all on function public.find_conversations(text, boolean, integer, jsonb) from public, anon;
grant execute on function public.find_conversations(text, boolean, integer, jsonb) to authenticated;

-- Some of one's conversations with all that was said, by id, for taking them along.
create function public.export_conversations(p_after text, p_limit integer) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select coalesce(jsonb_agg(public.get_conversation(page.id) order by page.id), '[]')
  from (select c.id from public.conversations as c where c.id > p_after order by c.id limit p_limit) as page
$$;
revoke all on function public.export_conversations(text, integer) from public, anon;
grant execute on function public.export_conversations(text, integer) to authenticated;
