-- Runs of programs: begun with an API key, with or without a conversation, and at most once for an idempotency key.

alter table public.runs
  add column api_key_id uuid references public.api_keys (id) on delete set null,
  -- What a program calls its request, and a hash of the request: the same name for another request is a mistake of theirs.
  add column idempotency_key text check (length(idempotency_key) between 1 and 255),
  add column request_hash text,
  -- {parts, finish_reason, …}: kept for a repeated request, for a day. A run in a conversation has its answer there.
  add column answer jsonb;
create unique index one_run_for_an_idempotency_key on public.runs (user_id, idempotency_key)
  where idempotency_key is not null;
create index runs_with_idempotency_key on public.runs (created_at) where idempotency_key is not null;
create index runs_of_api_key on public.runs (api_key_id, created_at desc) where api_key_id is not null;

-- The agent for a caller, or a refusal that says why not. A key for other agents is told so: its owner may know them all.
create function roost.agent_for_caller(p_user uuid, p_agent_ids uuid[], p_slug text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_agent jsonb := roost.agent_for(p_user, p_slug, null);
begin
  if p_agent_ids is not null and not (v_agent ->> 'id')::uuid = any (p_agent_ids) then
    perform roost.refuse(403, 'api-key-not-for-agent', format(
      'This API key is not for the agent %s. Use a key that is, or make one.', v_agent ->> 'slug'));
  end if;
  return v_agent;
end
$$;

-- Begin a run without a conversation: its history is the request's own.
--   p_request: {run_id, agent, door, owner, lease_seconds, idempotency_key | null, request_hash | null}
-- Where `resumed` is true, the request had been made before and nothing began: `run_id`, `state` and, once it has
-- finished, `answer` are those of the run that it started. A run that brought nothing does not stand in the way of
-- another try.
create function public.begin_run(p_caller jsonb, p_request jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_caller record;
  v_agent jsonb;
  v_id uuid;
  v_known public.runs;
begin
  select * into v_caller from roost.caller(p_caller);
  v_agent := roost.agent_for_caller(v_caller.user_id, v_caller.agent_ids, p_request ->> 'agent');
  loop
    insert into public.runs (
      id, user_id, agent_id, deployment_number, door, owner, lease_until, api_key_id, idempotency_key, request_hash)
    values (
      (p_request ->> 'run_id')::uuid, v_caller.user_id, (v_agent ->> 'id')::uuid, (v_agent ->> 'number')::integer,
      p_request ->> 'door', p_request ->> 'owner',
      now() + make_interval(secs => (p_request ->> 'lease_seconds')::double precision),
      v_caller.key_id, p_request ->> 'idempotency_key', p_request ->> 'request_hash')
    on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing
    returning id into v_id;
    exit when v_id is not null;
    -- Waits for one who is just giving the name up; then it is not found, and the loop takes it.
    select * into v_known from public.runs
    where user_id = v_caller.user_id and idempotency_key = p_request ->> 'idempotency_key' for update;
    if v_known.id is not null then
      if v_known.request_hash is distinct from p_request ->> 'request_hash' then
        perform roost.refuse(422, 'idempotency-key-reused',
          'This idempotency key was used for another request. Use a new key for a new request.');
      elsif v_known.state in ('failed', 'cancelled', 'interrupted')
        or (v_known.state in ('queued', 'running') and v_known.lease_until < now()) then
        update public.runs set idempotency_key = null, request_hash = null where id = v_known.id;
      else
        return jsonb_build_object(
          'resumed', true, 'run_id', v_known.id, 'user_id', v_known.user_id, 'state', v_known.state, 'agent', v_agent,
          'answer', v_known.answer, 'input_tokens', v_known.input_tokens, 'output_tokens', v_known.output_tokens,
          'created_at', v_known.created_at);
      end if;
    end if;
  end loop;
  return jsonb_build_object('resumed', false, 'run_id', v_id, 'user_id', v_caller.user_id, 'agent', v_agent);
end
$$;

-- Begin a turn of a conversation for whoever calls; as begin_turn, which is told who that is. With a key for certain
-- agents there are no conversations but theirs: the history of others is not its to read.
create function public.begin_turn_as(p_caller jsonb, p_request jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_caller record;
  v_turn jsonb;
begin
  select * into v_caller from roost.caller(p_caller);
  if v_caller.agent_ids is not null then
    perform roost.agent_for_caller(v_caller.user_id, v_caller.agent_ids, p_request ->> 'agent');
    if exists (
      select from public.conversations
      where id = p_request ->> 'conversation_id' and agent_id is not null and not agent_id = any (v_caller.agent_ids)
    ) then
      perform roost.refuse(404, 'conversation-not-found', 'There is no such conversation.');
    end if;
  end if;
  v_turn := public.begin_turn(v_caller.user_id, p_request);
  if v_caller.key_id is not null and not (v_turn ->> 'resumed')::boolean then
    update public.runs set api_key_id = v_caller.key_id where id = (v_turn ->> 'run_id')::uuid;
  end if;
  return v_turn || jsonb_build_object('user_id', v_caller.user_id);
end
$$;

-- Finish a run; as finish_turn, and keep the answer for a request that may be repeated.
--   p_result: as finish_turn's, and `answer`
create function public.finish_run(p_run uuid, p_owner text, p_result jsonb) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_state text := public.finish_turn(p_run, p_owner, p_result - 'answer');
begin
  update public.runs set answer = nullif(p_result -> 'answer', 'null')
  where id = p_run and idempotency_key is not null and conversation_id is null and state = 'finished' and answer is null;
  return v_state;
end
$$;

-- What has become of a run, for its person: with its question and its answer, or what is kept of it so far.
create function public.get_run_as(p_user uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'id', r.id, 'state', r.state, 'conversation_id', r.conversation_id, 'error', r.error,
    'agent', (select a.slug from public.agents as a where a.id = r.agent_id), 'answer_id', r.answer_id,
    'question_id', r.question_id,
    'question', (select m.parts from public.messages as m
      where m.conversation_id = r.conversation_id and m.id = r.question_id),
    'parts', coalesce((select m.parts from public.messages as m
      where m.conversation_id = r.conversation_id and m.id = r.answer_id), r.answer -> 'parts', r.partial, '[]'),
    'created_at', r.created_at, 'finished_at', r.finished_at)
  from public.runs as r where r.id = p_run and r.user_id = p_user
$$;

-- A request is repeated within minutes, if at all; after a day its name is free and its answer gone.
create function public.forget_answers() returns integer
language sql security definer set search_path = '' as $$
  with forgotten as (
    update public.runs set idempotency_key = null, request_hash = null, answer = null
    where idempotency_key is not null and created_at < now() - interval '1 day' returning 1
  )
  select count(*)::integer from forgotten
$$;

revoke all on function
  roost.agent_for_caller(uuid, uuid[], text), public.begin_run(jsonb, jsonb), public.begin_turn_as(jsonb, jsonb),
  public.finish_run(uuid, text, jsonb), public.get_run_as(uuid, uuid), public.forget_answers()
from public, anon, authenticated;
grant execute on function
  public.begin_run(jsonb, jsonb), public.begin_turn_as(jsonb, jsonb), public.finish_run(uuid, text, jsonb),
  public.get_run_as(uuid, uuid), public.forget_answers()
to service_role;
