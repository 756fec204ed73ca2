-- Links to a conversation that anybody can open without logging in. What is shown is a copy of what was said when the
-- link was made: whoever goes on talking does not publish it unawares. In it are questions and answers with the names of
-- their sources; not the passages, which readers of the link may have no right to, and no tools, reasoning or files.
-- Of the link's 256 random bits only a hash is here, so that whoever reads the database cannot open it.

create table public.shared_conversations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  conversation_id text not null references public.conversations (id) on delete cascade,
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  title text not null default '',
  -- {agent_name, messages: [{role, text, sources: [{n, title, place}], created_at}]}
  content jsonb not null,
  expires_at timestamptz,
  views bigint not null default 0,
  last_viewed_at timestamptz,
  created_at timestamptz not null default now()
);
create index shared_conversations_of_user on public.shared_conversations (user_id, created_at desc);
create index shared_conversations_of_conversation on public.shared_conversations (conversation_id);

alter table public.shared_conversations enable row level security;
revoke all on public.shared_conversations from anon, authenticated;
grant select (id, user_id, conversation_id, title, expires_at, views, last_viewed_at, created_at)
  on public.shared_conversations to authenticated;
grant all on public.shared_conversations to service_role;
create policy "own links, or any as admin" on public.shared_conversations for select to authenticated
  using (user_id = (select auth.uid()) or (select roost.is_admin(auth.uid())));

-- The branch of a conversation that is shown, as others may read it.
create function roost.readable_copy(p_conversation public.conversations) returns jsonb
language sql stable security definer set search_path = '' as $$
  with recursive branch as (
    select m.*, 1 as depth from public.messages as m
    where m.conversation_id = p_conversation.id and m.id = p_conversation.head_id
    union all
    select m.*, branch.depth + 1 from branch
    join public.messages as m on m.conversation_id = p_conversation.id and m.id = branch.parent_id
    where branch.depth < 5000
  )
  select jsonb_build_object(
    'agent_name', (select name from public.agents where id = p_conversation.agent_id),
    'messages', coalesce(jsonb_agg(jsonb_build_object(
      'role', branch.role, 'text', roost.said(branch.parts), 'created_at', branch.created_at,
      'sources', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'n', part #> '{data,n}', 'title', part #>> '{data,title}', 'place', part #>> '{data,place}') order by place), '[]')
        from jsonb_array_elements(branch.parts) with ordinality as item (part, place)
        where part ->> 'type' = 'data-citation')
    ) order by depth desc), '[]'))
  from branch
$$;

--   p_link: {conversation_id, token_hash, expires_at | null}
create function public.share_conversation(p_user uuid, p_link jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_conversation public.conversations;
  v_link public.shared_conversations;
begin
  if roost.principals(p_user) is null then
    perform roost.refuse(403, 'account-suspended', 'This account cannot be used now. Please ask an admin.');
  elsif (p_link ->> 'expires_at')::timestamptz <= now() then
    perform roost.refuse(422, 'expiry-in-the-past', 'The link would have expired already. Choose a later time.');
  elsif (select count(*) >= 500 from public.shared_conversations where user_id = p_user) then
    perform roost.refuse(409, 'too-many-links', 'You have 500 links. Take one back before you make another.');
  end if;
  select * into v_conversation from public.conversations
  where id = p_link ->> 'conversation_id' and user_id = p_user;
  if v_conversation.id is null then
    perform roost.refuse(404, 'conversation-not-found', 'There is no such conversation.');
  end if;
  insert into public.shared_conversations (user_id, conversation_id, token_hash, title, content, expires_at)
  values (p_user, v_conversation.id, p_link ->> 'token_hash', v_conversation.title, roost.readable_copy(v_conversation),
    (p_link ->> 'expires_at')::timestamptz)
  returning * into v_link;
  -- Without its title, which is somebody's words: they go with the conversation, this log stays.
  perform roost.audit(p_user, 'share.create', 'conversation', v_conversation.id, null, null,
    jsonb_build_object('link_id', v_link.id, 'expires_at', v_link.expires_at));
  return to_jsonb(v_link) - 'token_hash' - 'content';
end
$$;

-- One's own link, or any as an admin. From then on it opens nothing; the copy is gone.
create function public.revoke_shared_conversation(p_user uuid, p_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_link public.shared_conversations;
begin
  delete from public.shared_conversations
  where id = p_id and (user_id = p_user or roost.is_admin(p_user)) returning * into v_link;
  if v_link.id is null then
    return false;
  end if;
  perform roost.audit(p_user, 'share.revoke', 'conversation', v_link.conversation_id, null,
    jsonb_build_object('link_id', v_link.id, 'views', v_link.views), null);
  return true;
end
$$;

-- What a link shows; null where it shows nothing (any more).
create function public.open_shared_conversation(p_token_hash text) returns jsonb
language sql security definer set search_path = '' as $$
  with opened as (
    update public.shared_conversations set views = views + 1, last_viewed_at = now()
    where token_hash = p_token_hash and (expires_at is null or expires_at > now())
      and roost.principals(user_id) is not null
    returning *
  )
  select opened.content || jsonb_build_object('title', opened.title, 'created_at', opened.created_at) from opened
$$;

revoke all on function
  roost.readable_copy(public.conversations), public.share_conversation(uuid, jsonb),
  public.revoke_shared_conversation(uuid, uuid), public.open_shared_conversation(text)
from public, anon, authenticated;
grant execute on function
  public.share_conversation(uuid, jsonb), public.revoke_shared_conversation(uuid, uuid),
  public.open_shared_conversation(text)
to service_role;
