-- Search in conversations takes the same time whatever the statistics say. Beside a person's conversations, words were
-- looked up once for each of them where the planner took somebody with thousands of new ones for somebody with one:
-- eight seconds instead of ten milliseconds, until the table was analysed. And for words that many messages hold, it
-- read all messages of everybody, since it took making words of them for as cheap as comparing numbers.

-- One's conversations in which all of these words were said in one message, each with the newest such message.
create function roost.conversations_with(p_user uuid, p_words tsquery)
returns table (conversation_id text, message_id text)
language plpgsql stable set search_path = ''
-- One way is left: the index tells all messages with the words, and whose they are is looked up in one go. Memory for
-- all that it may tell, since words are made anew of the messages of each page that is not told by its rows.
set enable_nestloop = off set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off
set work_mem = '64MB' as $$
begin
  return query
    select distinct on (message.conversation_id) message.conversation_id, message.id
    from public.messages as message
    join public.conversations as conversation on conversation.id = message.conversation_id
    where roost.words_of(message.parts) @@ p_words and conversation.user_id = p_user
    order by message.conversation_id, message.created_at desc;
end
$$;
revoke all on function roost.conversations_with(uuid, tsquery) from public;

-- With its owner's rights, because an index over words is of no use to a query under row-level security; what it looks
-- at is bound to whoever asks.
--   p_after: the {pinned, updated_at, id} of the last one of the page before
create or replace function public.find_conversations(p_query text, p_archived boolean, p_limit integer, p_after jsonb)
returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_user uuid := auth.uid();
  v_words tsquery := plainto_tsquery('pg_catalog.simple', p_query);
  -- The newest message that says it, by conversation.
  v_said jsonb := '{}';
begin
  if roost.principals(v_user) is null then
    return '[]';
  end if;
  if numnode(v_words) > 0 then
    -- The last word may be begun only, unless something after it says that it is whole.
    v_words := (v_words::text || case when p_query ~ '[[:alnum:]]$' then ':*' else '' end)::tsquery;
    select coalesce(jsonb_object_agg(found.conversation_id, found.message_id), '{}') into v_said
    from roost.conversations_with(v_user, v_words) as found;
  end if;
  return (
    select coalesce(jsonb_agg(to_jsonb(page) order by page.pinned desc, page.updated_at desc, page.id desc), '[]')
    from (
      select c.id, c.title, c.pinned, c.archived, c.created_at, c.updated_at,
        a.slug as agent_slug, a.name as agent_name,
        case when v_said ? c.id then (
          select ts_headline('pg_catalog.simple', left(roost.said(m.parts), 100000), v_words,
            'MaxFragments=1, MinWords=6, MaxWords=16, StartSel="", StopSel=""')
          from public.messages as m where m.conversation_id = c.id and m.id = v_said ->> c.id) end as excerpt
      from public.conversations as c left join public.agents as a on a.id = c.agent_id
      where c.user_id = v_user and c.archived = p_archived and not c.trial
        and (p_query = '' or v_said ? c.id or strpos(lower(c.title), lower(p_query)) > 0)
        and (p_after is null or (c.pinned, c.updated_at, c.id)
          < ((p_after ->> 'pinned')::boolean, (p_after ->> 'updated_at')::timestamptz, p_after ->> 'id'))
      order by c.pinned desc, c.updated_at desc, c.id desc limit p_limit
    ) as page);
end
$$;
