-- A run that has come to a tool that a person is asked about first waits, in no process: its answer so far, with what
-- the model has said, is in the database. When the person has decided, whichever process hears it goes on.

-- Let a waiting run go on, all or nothing.
--   p_request: {run_id, approvals: [{id, approved, reason}], owner, lease_seconds, history_limit}
-- A decision sent twice changes nothing: `resumed` is true then.
create function public.resume_turn(p_user uuid, p_request jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_run public.runs;
  v_answer public.messages;
  v_agent jsonb;
  v_parts jsonb;
begin
  if roost.principals(p_user) is null then
    perform roost.refuse(403, 'account-suspended', 'This account cannot be used now. Please ask an admin.');
  end if;
  select * into v_run from public.runs where id = (p_request ->> 'run_id')::uuid and user_id = p_user for update;
  if v_run.id is null then
    perform roost.refuse(404, 'run-not-found', 'There is no such run.');
  elsif v_run.state <> 'waiting' then
    return jsonb_build_object(
      'resumed', true, 'run_id', v_run.id, 'user_id', p_user, 'answer_id', v_run.answer_id, 'state', v_run.state,
      'conversation_id', v_run.conversation_id);
  end if;
  select * into v_answer from public.messages
  where conversation_id = v_run.conversation_id and id = v_run.answer_id for update;
  select jsonb_agg(
    case when part ->> 'state' = 'approval-requested' then part || jsonb_build_object(
      'state', 'approval-responded',
      'approval', (
        select jsonb_strip_nulls(jsonb_build_object(
          'id', decision ->> 'id', 'approved', (decision ->> 'approved')::boolean, 'reason', decision ->> 'reason'))
        from jsonb_array_elements(p_request -> 'approvals') as decision
        where decision ->> 'id' = part #>> '{approval,id}' limit 1))
    else part end order by place)
  into v_parts
  from jsonb_array_elements(v_answer.parts) with ordinality as item (part, place);
  if exists (
    select from jsonb_array_elements(v_parts) as part
    where part ->> 'state' = 'approval-responded' and jsonb_typeof(part -> 'approval') = 'null'
  ) then
    perform roost.refuse(422, 'approval-incomplete', 'Each tool that the answer waits for needs a decision.');
  end if;
  -- The agent must still be open to the person; it goes on as it was deployed when it was asked.
  if v_run.agent_id is null then
    perform roost.refuse(404, 'agent-not-found', 'The agent of this answer is not there any more.');
  end if;
  v_agent := roost.agent_for(p_user, null, v_run.agent_id) || roost.deployment(v_run.agent_id, v_run.deployment_number);
  update public.messages set parts = v_parts where conversation_id = v_run.conversation_id and id = v_run.answer_id;
  update public.runs set
    state = 'running', owner = p_request ->> 'owner', cancel_requested = false,
    lease_until = now() + make_interval(secs => (p_request ->> 'lease_seconds')::double precision)
  where id = v_run.id;
  return jsonb_build_object(
    'resumed', false, 'run_id', v_run.id, 'user_id', p_user, 'answer_id', v_run.answer_id, 'state', 'running',
    'conversation_id', v_run.conversation_id, 'agent', v_agent, 'parts', v_parts,
    'exchange', coalesce(v_answer.model_messages, '[]'),
    'history', roost.branch_of(v_run.conversation_id, v_run.question_id, (p_request ->> 'history_limit')::integer));
end
$$;

-- The run that made a message of a person's conversation; null where there is none.
create function public.run_of_message(p_user uuid, p_conversation text, p_message text) returns uuid
language sql stable security definer set search_path = '' as $$
  select id from public.runs where conversation_id = p_conversation and answer_id = p_message and user_id = p_user
$$;

revoke all on function public.resume_turn(uuid, jsonb), public.run_of_message(uuid, text, text)
from public, anon, authenticated;
grant execute on function public.resume_turn(uuid, jsonb), public.run_of_message(uuid, text, text) to service_role;
