-- A turn is a question, the run that answers it, and the answer. What must happen together is one function here, called
-- once: begin (person, conversation, question, agent, history, run), keep alive, finish, give up for a dead process.
-- All of them are for the service alone and are told who acts.

-- Runs whose process has given no sign of life become `interrupted`, with what was written so far kept as the answer.
create function roost.interrupt_runs(p_conversation text default null) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_run public.runs;
  v_count integer := 0;
begin
  for v_run in
    select * from public.runs
    where state in ('queued', 'running') and lease_until < now()
      and (p_conversation is null or conversation_id = p_conversation)
    order by id for update skip locked
  loop
    update public.runs set
      state = 'interrupted', finished_at = now(), owner = null, partial = null,
      error = jsonb_build_object(
        'type', '/problems/run-interrupted', 'title', 'The answer was interrupted', 'status', 503,
        'detail', 'The server stopped while it was answering. What was written so far is kept; ask again to go on.')
    where id = v_run.id;
    if v_run.conversation_id is not null then
      insert into public.messages (conversation_id, id, parent_id, role, parts, run_id)
      values (v_run.conversation_id, v_run.answer_id, v_run.question_id, 'assistant', coalesce(v_run.partial, '[]'), v_run.id)
      -- It is there where the run had waited for a person.
      on conflict (conversation_id, id) do update set parts = coalesce(v_run.partial, messages.parts);
      update public.conversations set
        head_id = case when head_id = v_run.question_id then v_run.answer_id else head_id end, updated_at = now()
      where id = v_run.conversation_id;
    end if;
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

create function public.interrupt_expired_runs() returns integer
language sql security definer set search_path = '' as $$ select roost.interrupt_runs() $$;

-- What a deployment says, as the run needs it.
create function roost.deployment(p_agent uuid, p_number integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'number', number, 'instructions', instructions, 'model', model, 'fallback_models', fallback_models,
    'model_settings', model_settings, 'tools', tools, 'knowledge', knowledge, 'limits', limits)
  from public.deployments where agent_id = p_agent and number = p_number
$$;

-- The agent as the run needs it, or a refusal that says why not.
create function roost.agent_for(p_user uuid, p_slug text, p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_agent public.agents;
begin
  select * into v_agent from public.agents
  where case when p_slug is not null then slug = p_slug when p_id is not null then id = p_id else slug = 'guide' end
    and (readers && roost.principals(p_user) or roost.is_admin(p_user));
  if v_agent.id is null then
    perform roost.refuse(404, 'agent-not-found', 'There is no such agent, or it is not open to you. Choose another one.');
  elsif v_agent.status <> 'deployed' then
    perform roost.refuse(409, 'agent-not-deployed', format(
      'The agent %s is %s and does not answer now. Choose another one, or ask an admin to deploy it.',
      v_agent.name, case v_agent.status when 'paused' then 'paused' else 'not deployed yet' end));
  end if;
  return jsonb_build_object('id', v_agent.id, 'slug', v_agent.slug, 'name', v_agent.name)
    || roost.deployment(v_agent.id, v_agent.live_number);
end
$$;

-- The messages from the root to p_leaf, eldest first, at most the last p_limit of them.
create function roost.branch_of(p_conversation text, p_leaf text, p_limit integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  with recursive branch as (
    select m.*, 1 as depth from public.messages as m where m.conversation_id = p_conversation and m.id = p_leaf
    union all
    select m.*, branch.depth + 1 from branch
    join public.messages as m on m.conversation_id = p_conversation and m.id = branch.parent_id
    where branch.depth < p_limit
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', id, 'role', role, 'parts', parts, 'model_messages', model_messages) order by depth desc), '[]')
  from branch
$$;

-- Begin a turn, all or nothing.
--   p_request: {
--     conversation_id, trigger: 'submit' | 'regenerate', agent: slug | null, door,
--     message: {id, parts} for a submit; parent: 'head' (after what is shown now), 'root', or {id: …};
--     message_id: the answer to make anew for a regenerate (null: the last one),
--     run_id, answer_id, title (for a new conversation), owner, lease_seconds, history_limit
--   }
-- A question that is there already, sent again by a client that saw no answer, begins nothing: `resumed` is true and
-- `run_id` is the run that it started.
create function public.begin_turn(p_user uuid, p_request jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_conversation public.conversations;
  v_known public.messages;
  v_run public.runs;
  v_agent jsonb;
  v_question text := p_request #>> '{message,id}';
  v_parent text;
  v_regenerate boolean := p_request ->> 'trigger' = 'regenerate';
begin
  if not exists (select from public.user_profiles where user_id = p_user and status = 'active') then
    perform roost.refuse(403, 'account-suspended', 'This account cannot be used now. Please ask an admin.');
  end if;

  select * into v_conversation from public.conversations where id = p_request ->> 'conversation_id' for update;
  if v_conversation.id is null then
    if v_regenerate then
      perform roost.refuse(404, 'conversation-not-found', 'There is no such conversation.');
    end if;
    insert into public.conversations (id, user_id, title)
    values (p_request ->> 'conversation_id', p_user, left(coalesce(p_request ->> 'title', ''), 300))
    on conflict (id) do nothing;
    select * into v_conversation from public.conversations where id = p_request ->> 'conversation_id' for update;
  end if;
  -- Somebody else's conversation is as good as none: an id that is guessed tells nothing.
  if v_conversation.user_id is distinct from p_user then
    perform roost.refuse(404, 'conversation-not-found', 'There is no such conversation.');
  end if;
  perform roost.interrupt_runs(v_conversation.id);

  if v_regenerate then
    select * into v_known from public.messages
    where conversation_id = v_conversation.id and id = coalesce(p_request ->> 'message_id', v_conversation.head_id);
    v_question := case v_known.role when 'assistant' then v_known.parent_id when 'user' then v_known.id end;
    if v_question is null then
      perform roost.refuse(404, 'message-not-found', 'The message to answer again is not in this conversation.');
    end if;
  else
    select * into v_known from public.messages where conversation_id = v_conversation.id and id = v_question;
    if v_known.id is not null and v_known.parts = p_request #> '{message,parts}' then
      select * into v_run from public.runs
      where conversation_id = v_conversation.id and question_id = v_known.id order by created_at desc limit 1;
      return jsonb_build_object('resumed', true, 'run_id', v_run.id, 'answer_id', v_run.answer_id, 'state', v_run.state);
    end if;
  end if;

  select * into v_run from public.runs
  where conversation_id = v_conversation.id and state in ('queued', 'running') limit 1;
  if v_run.id is not null then
    perform roost.refuse(409, 'run-in-progress',
      'An answer is being written in this conversation. Wait for it or stop it, then ask again.');
  end if;

  v_agent := roost.agent_for(p_user, p_request ->> 'agent', v_conversation.agent_id);
  -- Who asks something else has not let the tool be used that an answer waits for.
  update public.runs set state = 'cancelled', finished_at = now()
  where conversation_id = v_conversation.id and state = 'waiting';

  if not v_regenerate then
    v_parent := case
      when v_known.id is not null then v_known.parent_id  -- the same id with other words: an edit beside it
      when p_request ->> 'parent' = 'head' then v_conversation.head_id
      when p_request ->> 'parent' = 'root' then null
      else p_request #>> '{parent,id}'
    end;
    if v_known.id is not null then
      v_question := p_request ->> 'run_id';
    end if;
    if v_parent is not null
      and not exists (select from public.messages where conversation_id = v_conversation.id and id = v_parent) then
      perform roost.refuse(404, 'message-not-found', 'The message to answer after is not in this conversation.');
    end if;
    insert into public.messages (conversation_id, id, parent_id, role, parts)
    values (v_conversation.id, v_question, v_parent, 'user', p_request #> '{message,parts}');
  end if;

  insert into public.runs (
    id, user_id, conversation_id, agent_id, deployment_number, door, question_id, answer_id, owner, lease_until)
  values (
    (p_request ->> 'run_id')::uuid, p_user, v_conversation.id, (v_agent ->> 'id')::uuid, (v_agent ->> 'number')::integer,
    coalesce(p_request ->> 'door', 'web'), v_question, p_request ->> 'answer_id', p_request ->> 'owner',
    now() + make_interval(secs => (p_request ->> 'lease_seconds')::double precision));
  update public.conversations set head_id = v_question, agent_id = (v_agent ->> 'id')::uuid, updated_at = now()
  where id = v_conversation.id;

  return jsonb_build_object(
    'resumed', false, 'run_id', p_request ->> 'run_id', 'answer_id', p_request ->> 'answer_id',
    'question_id', v_question, 'agent', v_agent,
    'history', roost.branch_of(v_conversation.id, v_question, (p_request ->> 'history_limit')::integer));
end
$$;

-- A sign of life of one process: its leases go on and what its runs have written so far is kept.
--   p_runs: [{id, parts}], parts null where nothing has changed since the last sign
-- Returns {cancel: ids that somebody asked to stop, lost: ids that are no longer this process's}.
create function public.keep_runs(p_owner text, p_runs jsonb, p_lease_seconds double precision) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_kept jsonb;
  v_cancel jsonb;
begin
  with signs as (
    select (sign ->> 'id')::uuid as id, nullif(sign -> 'parts', 'null') as parts
    from jsonb_array_elements(p_runs) as sign
  ), kept as (
    update public.runs as r set
      lease_until = now() + make_interval(secs => p_lease_seconds), partial = coalesce(signs.parts, r.partial)
    from signs
    where r.id = signs.id and r.owner = p_owner and r.state in ('queued', 'running')
    returning r.id, r.cancel_requested
  )
  select coalesce(jsonb_agg(id), '[]'), coalesce(jsonb_agg(id) filter (where cancel_requested), '[]')
  into v_kept, v_cancel from kept;
  return jsonb_build_object('cancel', v_cancel, 'lost', (
    select coalesce(jsonb_agg(sign -> 'id'), '[]') from jsonb_array_elements(p_runs) as sign
    where not v_kept ? (sign ->> 'id')));
end
$$;

-- Ask that a run be stopped, whichever process works on it. Returns its state, null where there is no such run of theirs.
create function public.request_cancel(p_user uuid, p_run uuid) returns text
language sql security definer set search_path = '' as $$
  -- Nobody works on a run that waits: it ends here.
  update public.runs set
    cancel_requested = cancel_requested or state in ('queued', 'running', 'waiting'),
    finished_at = case state when 'waiting' then now() else finished_at end,
    state = case state when 'waiting' then 'cancelled' else state end
  where id = p_run and user_id = p_user returning state
$$;

-- Finish a turn, all or nothing: the run's end, its steps and its answer.
--   p_result: {state, parts, model_messages, model, input_tokens, output_tokens, cost, error, steps: [...]}
-- Returns the state that the run now has. A second call changes nothing; a run that another took over stays theirs.
create function public.finish_turn(p_run uuid, p_owner text, p_result jsonb) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_run public.runs;
begin
  select * into v_run from public.runs where id = p_run for update;
  if v_run.id is null then
    return 'gone';
  elsif v_run.state not in ('queued', 'running') or v_run.owner is distinct from p_owner then
    return v_run.state;
  end if;
  -- What a run used before it waited for a person is there already.
  update public.runs set
    state = p_result ->> 'state', model = p_result ->> 'model', error = nullif(p_result -> 'error', 'null'),
    input_tokens = input_tokens + coalesce((p_result ->> 'input_tokens')::bigint, 0),
    output_tokens = output_tokens + coalesce((p_result ->> 'output_tokens')::bigint, 0),
    cost = cost + coalesce((p_result ->> 'cost')::numeric, 0),
    owner = null, lease_until = null, partial = null,
    finished_at = case when p_result ->> 'state' = 'waiting' then null else now() end
  where id = p_run;
  insert into public.run_steps (
    run_id, number, kind, name, started_at, duration_ms, input_tokens, output_tokens, cost, detail, error)
  select p_run, step.ordinality + (select count(*) from public.run_steps where run_id = p_run), step.value ->> 'kind', step.value ->> 'name', (step.value ->> 'started_at')::timestamptz,
    (step.value ->> 'duration_ms')::double precision, coalesce((step.value ->> 'input_tokens')::bigint, 0),
    coalesce((step.value ->> 'output_tokens')::bigint, 0), (step.value ->> 'cost')::numeric, coalesce(step.value -> 'detail', '{}'), step.value ->> 'error'
  from jsonb_array_elements(coalesce(p_result -> 'steps', '[]')) with ordinality as step;
  if v_run.conversation_id is not null then
    insert into public.messages (conversation_id, id, parent_id, role, parts, model_messages, run_id)
    values (v_run.conversation_id, v_run.answer_id, v_run.question_id, 'assistant',
      coalesce(p_result -> 'parts', '[]'), nullif(p_result -> 'model_messages', 'null'), p_run)
    on conflict (conversation_id, id) do update set
      parts = excluded.parts, model_messages = coalesce(excluded.model_messages, messages.model_messages);
    update public.conversations set
      head_id = case when head_id = v_run.question_id then v_run.answer_id else head_id end, updated_at = now()
    where id = v_run.conversation_id;
  end if;
  if p_result ->> 'state' = 'failed' and v_run.agent_id is not null then
    update public.agents set last_error = p_result #>> '{error,detail}', last_error_at = now() where id = v_run.agent_id;
  end if;
  return p_result ->> 'state';
end
$$;

revoke all on function
  roost.interrupt_runs(text), public.interrupt_expired_runs(), roost.agent_for(uuid, text, uuid),
  roost.deployment(uuid, integer), roost.branch_of(text, text, integer), public.begin_turn(uuid, jsonb),
  public.keep_runs(text, jsonb, double precision), public.request_cancel(uuid, uuid),
  public.finish_turn(uuid, text, jsonb)
from public, anon, authenticated;
grant execute on function
  public.interrupt_expired_runs(), public.begin_turn(uuid, jsonb),
  public.keep_runs(text, jsonb, double precision), public.request_cancel(uuid, uuid),
  public.finish_turn(uuid, text, jsonb)
to service_role;
