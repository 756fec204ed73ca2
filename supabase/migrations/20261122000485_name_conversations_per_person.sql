-- Programs that speak AG-UI or A2A choose the names of their conversations, and two persons' programs choose the same.
-- So such a name is the person's own: what it stands for is a conversation of theirs, whoever else has used it.

-- What the person's program calls it, where that is not its id.
alter table public.conversations add column client_name text;

-- The id of a person's conversation that their program calls `p_name`. An id of theirs is taken as it is, and so is one
-- that looks as if nobody else had it by chance, a UUID or 16 letters and digits as the AI SDK makes them: it can be linked
-- to. One that somebody else's conversation has is never taken so, however it looks.
create function roost.conversation_named(p_user uuid, p_name text) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_own text := 'named_' || left(encode(sha256(convert_to(p_user || ' ' || p_name, 'UTF8')), 'hex'), 48);
begin
  return case
    when exists (select from public.conversations where id = p_name and user_id = p_user) then p_name
    when exists (select from public.conversations where id = v_own) then v_own
    when (
      p_name ~* '^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$'
      or p_name ~ '^(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9]{16}$'
    ) and not exists (select from public.conversations where id = p_name) then p_name
    else v_own
  end;
end
$$;

-- As before, and `p_request` may say by `"named": true` that its conversation_id is a name that a program has chosen.
-- What comes back tells the conversation's id.
create or replace function public.begin_turn_as(p_caller jsonb, p_request jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_caller record;
  v_turn jsonb;
  v_name text := p_request ->> 'conversation_id';
  v_id text := v_name;
begin
  select * into v_caller from roost.caller(p_caller);
  if (p_request ->> 'named')::boolean then
    v_id := roost.conversation_named(v_caller.user_id, v_name);
  end if;
  if v_caller.agent_ids is not null then
    perform roost.agent_for_caller(v_caller.user_id, v_caller.agent_ids, p_request ->> 'agent');
    if exists (
      select from public.conversations
      where id = v_id and agent_id is not null and not agent_id = any (v_caller.agent_ids)
    ) then
      perform roost.refuse(404, 'conversation-not-found', 'There is no such conversation.');
    end if;
  end if;
  v_turn := public.begin_turn(v_caller.user_id, p_request || jsonb_build_object('conversation_id', v_id));
  if v_id <> v_name and not (v_turn ->> 'resumed')::boolean then
    update public.conversations set client_name = v_name where id = v_id and client_name is null;
  end if;
  if v_caller.key_id is not null and not (v_turn ->> 'resumed')::boolean then
    update public.runs set api_key_id = v_caller.key_id where id = (v_turn ->> 'run_id')::uuid;
  end if;
  return v_turn || jsonb_build_object('user_id', v_caller.user_id, 'conversation_id', v_id);
end
$$;

-- As before, with `conversation_name`: what the person's program calls the conversation.
create or replace function public.get_run_as(p_user uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'id', r.id, 'state', r.state, 'conversation_id', r.conversation_id,
    'conversation_name', coalesce(
      (select c.client_name from public.conversations as c where c.id = r.conversation_id), r.conversation_id),
    'error', r.error,
    'agent', (select a.slug from public.agents as a where a.id = r.agent_id), 'answer_id', r.answer_id,
    'question_id', r.question_id,
    'question', (select m.parts from public.messages as m
      where m.conversation_id = r.conversation_id and m.id = r.question_id),
    'parts', coalesce((select m.parts from public.messages as m
      where m.conversation_id = r.conversation_id and m.id = r.answer_id), r.answer -> 'parts', r.partial, '[]'),
    'created_at', r.created_at, 'finished_at', r.finished_at)
  from public.runs as r where r.id = p_run and r.user_id = p_user
$$;

revoke all on function roost.conversation_named(uuid, text) from public, anon, authenticated;
