-- Agents made, deployed, paused, rolled back and deleted, each in one function that checks the person's right, changes and
-- writes the audit log together. An admin may do all of it with every agent. A member may make agents that are private:
-- theirs as long as nobody else may use them. Once an admin has opened one to others, only admins change it.

alter table public.deployments
  add column starters text[] not null default '{}' check (cardinality(starters) <= 12),
  add check (length(instructions) <= 100000),
  add check (length(note) <= 1000),
  add check (length(model) between 1 and 200),
  add check (cardinality(fallback_models) <= 5),
  add check (jsonb_typeof(tools) = 'array' and jsonb_array_length(tools) <= 40),
  add check (jsonb_typeof(knowledge) = 'object' and jsonb_typeof(model_settings) = 'object');

create index runs_of_agent on public.runs (agent_id, created_at desc);

create function roost.may_manage(p_user uuid, p_created_by uuid, p_readers uuid[]) returns boolean
language sql stable security definer set search_path = '' as $$
  select roost.is_admin(p_user)
    or (p_created_by = p_user and p_readers = array[p_user] and roost.principals(p_user) is not null)
$$;
revoke all on function roost.may_manage(uuid, uuid, uuid[]) from public;
grant execute on function roost.may_manage(uuid, uuid, uuid[]) to authenticated, service_role;

drop policy "agents that one may use, or any as admin" on public.agents;
create policy "agents that one may use or manage" on public.agents for select to authenticated
  using (
    (status = 'deployed' and readers && (select roost.principals(auth.uid())))
    or (created_by = (select auth.uid()) and readers = array[(select auth.uid())])
    or (select roost.is_admin(auth.uid()))
  );
drop policy "deployments as admin" on public.deployments;
create policy "deployments of agents that one may manage" on public.deployments for select to authenticated
  using (
    (select roost.is_admin(auth.uid()))
    or exists (
      select from public.agents as a
      where a.id = agent_id and a.created_by = (select auth.uid()) and a.readers = array[(select auth.uid())])
  );

-- The agent called p_slug, locked, where p_user may manage it. Who may not even see it is told that there is none.
create function roost.agent_to_manage(p_user uuid, p_slug text) returns public.agents
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents;
begin
  select * into v_agent from public.agents where slug = p_slug for update;
  if v_agent.id is not null and roost.may_manage(p_user, v_agent.created_by, v_agent.readers) then
    return v_agent;
  elsif v_agent.status = 'deployed' and v_agent.readers && roost.principals(p_user) then
    perform roost.refuse(403, 'agent-not-yours', 'Only an admin can change this agent.');
  end if;
  perform roost.refuse(404, 'agent-not-found', 'There is no such agent, or it is not open to you.');
end
$$;

create function roost.check_readers(p_user uuid, p_readers uuid[]) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_readers = array[p_user] then
    return;
  elsif not roost.is_admin(p_user) then
    perform roost.refuse(403, 'sharing-not-allowed',
      'Agents that you make are for yourself. Ask an admin to open this one to others.');
  elsif cardinality(p_readers) = 0 or exists (
    select from unnest(p_readers) as reader
    where reader <> '00000000-0000-0000-0000-000000000001'
      and not exists (select from public.user_profiles where user_id = reader)
      and not exists (select from public.groups where id = reader)
  ) then
    perform roost.refuse(422, 'reader-not-found',
      'Name at least one person or group, or everyone; one of those named is not there.');
  end if;
end
$$;

-- Make an agent as a draft.
--   p_agent: {slug, name, description, readers: [uuid] | null (an admin's: everyone; a member's: themselves)}
create function public.create_agent(p_user uuid, p_agent jsonb) returns public.agents
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents;
  v_readers uuid[];
begin
  if roost.principals(p_user) is null then
    perform roost.refuse(403, 'account-suspended', 'This account cannot be used now. Please ask an admin.');
  end if;
  v_readers := case jsonb_typeof(p_agent -> 'readers')
    when 'array' then array(select distinct value::uuid from jsonb_array_elements_text(p_agent -> 'readers') order by 1)
    else array[case when roost.is_admin(p_user) then '00000000-0000-0000-0000-000000000001'::uuid else p_user end]
  end;
  perform roost.check_readers(p_user, v_readers);
  if not roost.is_admin(p_user) and (select count(*) >= 100 from public.agents where created_by = p_user) then
    perform roost.refuse(409, 'too-many-agents', 'You have made 100 agents. Delete one before you make another.');
  end if;
  insert into public.agents (slug, name, description, readers, created_by)
  values (p_agent ->> 'slug', p_agent ->> 'name', coalesce(p_agent ->> 'description', ''), v_readers, p_user)
  on conflict (slug) do nothing returning * into v_agent;
  if v_agent.id is null then
    perform roost.refuse(409, 'agent-exists', format(
      'There is an agent called %s already. Choose another short name.', p_agent ->> 'slug'));
  end if;
  perform roost.audit(p_user, 'agent.create', 'agent', v_agent.id::text, v_agent.slug, null, to_jsonb(v_agent));
  return v_agent;
end
$$;

-- Change what an agent is called and who may use it.
--   p_changes: any of name, description, readers; what is left out stays
create function public.change_agent(p_user uuid, p_slug text, p_changes jsonb) returns public.agents
language plpgsql security definer set search_path = '' as $$
declare
  v_old public.agents := roost.agent_to_manage(p_user, p_slug);
  v_new public.agents;
  v_readers uuid[] := v_old.readers;
begin
  if p_changes ? 'readers' then
    v_readers := array(select distinct value::uuid from jsonb_array_elements_text(p_changes -> 'readers') order by 1);
    perform roost.check_readers(p_user, v_readers);
  end if;
  update public.agents set
    name = coalesce(p_changes ->> 'name', name), description = coalesce(p_changes ->> 'description', description),
    readers = v_readers, updated_at = now()
  where id = v_old.id returning * into v_new;
  perform roost.audit(p_user, 'agent.change', 'agent', v_new.id::text, v_new.slug,
    to_jsonb(v_old) - 'updated_at', to_jsonb(v_new) - 'updated_at');
  return v_new;
end
$$;

-- What of a deployment cannot be left to a column's own check.
create function roost.check_deployment(p_user uuid, p_agent uuid, p_deployment jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  v_tool jsonb;
begin
  for v_tool in select value from jsonb_array_elements(coalesce(p_deployment -> 'tools', '[]')) loop
    if v_tool ->> 'kind' = 'mcp' and v_tool ->> 'url' is not null and not roost.is_admin(p_user) then
      perform roost.refuse(403, 'mcp-address-not-allowed',
        'Only an admin can connect an agent to an MCP server by its address. Choose one that is set up here.');
    elsif v_tool ->> 'kind' = 'agent' and not exists (
      select from public.agents
      where slug = v_tool ->> 'slug' and id <> p_agent and (readers && roost.principals(p_user) or roost.is_admin(p_user))
    ) then
      perform roost.refuse(422, 'tool-agent-not-found', format(
        'There is no other agent called %s that this one could ask.', v_tool ->> 'slug'));
    end if;
  end loop;
  if exists (
    select from jsonb_array_elements_text(coalesce(p_deployment #> '{knowledge,source_ids}', '[]')) as named
    where not exists (select from public.sources where id = named::uuid)
  ) then
    perform roost.refuse(422, 'source-not-found', 'One of the sources named in `knowledge` is not there.');
  end if;
end
$$;

-- Put an agent's live deployment in place; each process reads it when the next question begins.
create function roost.go_live(p_agent uuid, p_number integer) returns public.agents
language sql security definer set search_path = '' as $$
  update public.agents as a set
    status = 'deployed', live_number = d.number, starters = d.starters, last_error = null, last_error_at = null,
    updated_at = now()
  from public.deployments as d where a.id = p_agent and d.agent_id = a.id and d.number = p_number
  returning a.*
$$;

-- Deploy: a new numbered deployment that is live at once.
--   p_deployment: {instructions, model, fallback_models, model_settings, tools, knowledge, limits, starters, note,
--     based_on: the newest number that its author had seen; null: whatever it is}
create function public.deploy_agent(p_user uuid, p_slug text, p_deployment jsonb) returns public.deployments
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents := roost.agent_to_manage(p_user, p_slug);
  v_newest public.deployments;
  v_new public.deployments;
begin
  select * into v_newest from public.deployments where agent_id = v_agent.id order by number desc limit 1;
  if (p_deployment ->> 'based_on')::integer <> coalesce(v_newest.number, 0) then
    perform roost.refuse(409, 'deployment-overtaken', format(
      'Deployment %s was made meanwhile. Look at it, then deploy again.', coalesce(v_newest.number, 0)));
  end if;
  perform roost.check_deployment(p_user, v_agent.id, p_deployment);
  insert into public.deployments (
    agent_id, number, instructions, model, fallback_models, model_settings, tools, knowledge, limits, starters, note,
    created_by)
  values (
    v_agent.id, coalesce(v_newest.number, 0) + 1, coalesce(p_deployment ->> 'instructions', ''), p_deployment ->> 'model',
    array(select jsonb_array_elements_text(coalesce(p_deployment -> 'fallback_models', '[]'))),
    coalesce(p_deployment -> 'model_settings', '{}'), coalesce(p_deployment -> 'tools', '[]'),
    coalesce(p_deployment -> 'knowledge', '{"mode": "always"}'), coalesce(p_deployment -> 'limits', '{}'),
    array(select jsonb_array_elements_text(coalesce(p_deployment -> 'starters', '[]'))),
    coalesce(p_deployment ->> 'note', ''), p_user)
  returning * into v_new;
  perform roost.go_live(v_agent.id, v_new.number);
  perform roost.audit(p_user, 'agent.deploy', 'agent', v_agent.id::text, v_agent.slug,
    to_jsonb(v_newest) - 'created_at' - 'created_by', to_jsonb(v_new) - 'created_at' - 'created_by');
  return v_new;
end
$$;

create function public.roll_back_agent(p_user uuid, p_slug text, p_number integer) returns public.agents
language plpgsql security definer set search_path = '' as $$
declare
  v_old public.agents := roost.agent_to_manage(p_user, p_slug);
  v_new public.agents;
begin
  if not exists (select from public.deployments where agent_id = v_old.id and number = p_number) then
    perform roost.refuse(404, 'deployment-not-found', format('This agent has no deployment %s.', p_number));
  end if;
  v_new := roost.go_live(v_old.id, p_number);
  perform roost.audit(p_user, 'agent.roll_back', 'agent', v_new.id::text, v_new.slug,
    jsonb_build_object('live_number', v_old.live_number, 'status', v_old.status),
    jsonb_build_object('live_number', v_new.live_number, 'status', v_new.status));
  return v_new;
end
$$;

create function public.pause_agent(p_user uuid, p_slug text, p_paused boolean) returns public.agents
language plpgsql security definer set search_path = '' as $$
declare
  v_old public.agents := roost.agent_to_manage(p_user, p_slug);
  v_new public.agents;
begin
  if v_old.live_number is null then
    perform roost.refuse(409, 'agent-not-deployed', 'This agent has not been deployed yet.');
  end if;
  update public.agents set status = case when p_paused then 'paused' else 'deployed' end, updated_at = now()
  where id = v_old.id returning * into v_new;
  if v_new.status <> v_old.status then
    perform roost.audit(p_user, case when p_paused then 'agent.pause' else 'agent.resume' end,
      'agent', v_new.id::text, v_new.slug,
      jsonb_build_object('status', v_old.status), jsonb_build_object('status', v_new.status));
  end if;
  return v_new;
end
$$;

-- With an agent go its deployments. Conversations and the accounts of its runs stay, without it.
create function public.delete_agent(p_user uuid, p_slug text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents := roost.agent_to_manage(p_user, p_slug);
begin
  perform roost.audit(p_user, 'agent.delete', 'agent', v_agent.id::text, v_agent.slug,
    to_jsonb(v_agent) || jsonb_build_object('deployments', (
      select coalesce(jsonb_agg(to_jsonb(d) - 'agent_id' order by d.number), '[]')
      from public.deployments as d where d.agent_id = v_agent.id)), null);
  delete from public.agents where id = v_agent.id;
end
$$;

-- How an agent has fared in the last thirty days, for whoever may manage it; null for others.
create function public.agent_activity(p_user uuid, p_slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'deployments', (select count(*) from public.deployments as d where d.agent_id = a.id),
    'runs', count(r.id), 'finished', count(r.id) filter (where r.state = 'finished'),
    'failed', count(r.id) filter (where r.state = 'failed'),
    'running', count(r.id) filter (where r.state in ('queued', 'running')),
    'waiting', count(r.id) filter (where r.state = 'waiting'),
    'people', count(distinct r.user_id), 'input_tokens', coalesce(sum(r.input_tokens), 0),
    'output_tokens', coalesce(sum(r.output_tokens), 0), 'cost', coalesce(sum(r.cost), 0),
    'last_run_at', max(r.created_at))
  from public.agents as a
  left join public.runs as r on r.agent_id = a.id and r.created_at > now() - interval '30 days'
  where a.slug = p_slug and roost.may_manage(p_user, a.created_by, a.readers)
  group by a.id
$$;

revoke all on function
  roost.agent_to_manage(uuid, text), roost.check_readers(uuid, uuid[]), roost.check_deployment(uuid, uuid, jsonb),
  roost.go_live(uuid, integer), public.create_agent(uuid, jsonb), public.change_agent(uuid, text, jsonb),
  public.deploy_agent(uuid, text, jsonb), public.roll_back_agent(uuid, text, integer),
  public.pause_agent(uuid, text, boolean), public.delete_agent(uuid, text), public.agent_activity(uuid, text)
from public, anon, authenticated;
grant execute on function
  public.create_agent(uuid, jsonb), public.change_agent(uuid, text, jsonb), public.deploy_agent(uuid, text, jsonb),
  public.roll_back_agent(uuid, text, integer), public.pause_agent(uuid, text, boolean),
  public.delete_agent(uuid, text), public.agent_activity(uuid, text)
to service_role;

-- The live deployment of an agent for a person, for agents that ask one another.
create function public.find_agent(p_user uuid, p_slug text) returns jsonb
language sql stable security definer set search_path = '' as $$ select roost.agent_for(p_user, p_slug, null) $$;
revoke all on function public.find_agent(uuid, text) from public, anon, authenticated;
grant execute on function public.find_agent(uuid, text) to service_role;
