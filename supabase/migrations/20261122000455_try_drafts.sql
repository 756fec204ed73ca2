-- An agent's draft: what its editor holds and has not deployed. Whoever may manage the agent can talk to it, as to the
-- agent `slug@draft`; such a conversation is a trial, which no list shows. A run of a draft has deployment number 0.

create table public.agent_drafts (
  agent_id uuid primary key references public.agents (id) on delete cascade,
  -- As a deployment is asked for.
  deployment jsonb not null check (jsonb_typeof(deployment) = 'object'),
  saved_by uuid references public.user_profiles (user_id) on delete set null,
  saved_at timestamptz not null default now()
);
alter table public.agent_drafts enable row level security;
revoke all on public.agent_drafts from anon, authenticated;
grant select on public.agent_drafts to authenticated;
grant all on public.agent_drafts to service_role;
create policy "drafts of agents that one may manage" on public.agent_drafts for select to authenticated
  using (exists (select from public.agents as a where a.id = agent_id
    and ((select roost.is_admin(auth.uid())) or a.created_by = (select auth.uid()) and a.readers = array[(select auth.uid())])));

alter table public.conversations add column trial boolean not null default false;

create function roost.mark_trial() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.conversations set trial = true where id = new.conversation_id and not trial;
  return null;
end
$$;
revoke all on function roost.mark_trial() from public;
create trigger mark_trial after insert on public.runs
  for each row when (new.deployment_number = 0) execute function roost.mark_trial();

-- Keep what the editor holds. One's own trials of the agent that are older than a day go.
create function public.save_agent_draft(p_user uuid, p_slug text, p_deployment jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents := roost.agent_to_manage(p_user, p_slug);
  v_draft public.agent_drafts;
begin
  perform roost.check_deployment(p_user, v_agent.id, p_deployment);
  insert into public.agent_drafts (agent_id, deployment, saved_by) values (v_agent.id, p_deployment, p_user)
  on conflict (agent_id) do update set deployment = excluded.deployment, saved_by = excluded.saved_by, saved_at = now()
  returning * into v_draft;
  delete from public.conversations
  where user_id = p_user and agent_id = v_agent.id and trial and updated_at < now() - interval '1 day';
  return to_jsonb(v_draft);
end
$$;

create function public.discard_agent_draft(p_user uuid, p_slug text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents := roost.agent_to_manage(p_user, p_slug);
begin
  delete from public.agent_drafts where agent_id = v_agent.id;
  delete from public.conversations where user_id = p_user and agent_id = v_agent.id and trial;
end
$$;

-- What a deployment says, as the run needs it; number 0 is the draft.
create or replace function roost.deployment(p_agent uuid, p_number integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'number', number, 'instructions', instructions, 'model', model, 'fallback_models', fallback_models,
    'model_settings', model_settings, 'tools', tools, 'knowledge', knowledge, 'limits', limits)
  from public.deployments where agent_id = p_agent and number = p_number
  union all
  select jsonb_build_object(
    'number', 0, 'instructions', coalesce(deployment ->> 'instructions', ''), 'model', deployment ->> 'model',
    'fallback_models', coalesce(deployment -> 'fallback_models', '[]'),
    'model_settings', coalesce(deployment -> 'model_settings', '{}'), 'tools', coalesce(deployment -> 'tools', '[]'),
    'knowledge', coalesce(deployment -> 'knowledge', '{"mode": "always"}'), 'limits', coalesce(deployment -> 'limits', '{}'))
  from public.agent_drafts where agent_id = p_agent and p_number = 0
$$;

-- The draft of an agent for a run, or a refusal that says why not.
create function roost.draft_for(p_user uuid, p_slug text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_agent public.agents;
  v_draft jsonb;
begin
  select * into v_agent from public.agents
  where slug = p_slug and roost.may_manage(p_user, created_by, readers);
  v_draft := roost.deployment(v_agent.id, 0);
  if v_draft is null then
    perform roost.refuse(404, 'draft-not-found', 'There is no draft of this agent that you could try. Save one first.');
  end if;
  return jsonb_build_object('id', v_agent.id, 'slug', v_agent.slug, 'name', v_agent.name) || v_draft;
end
$$;

-- The agent as the run needs it, or a refusal that says why not. (Its caller adds whether there is a budget.)
create or replace function roost.agent_without_budget(p_user uuid, p_slug text, p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_agent public.agents;
begin
  if p_slug like '%@draft' then
    return roost.draft_for(p_user, left(p_slug, -length('@draft')));
  end if;
  select * into v_agent from public.agents
  where case when p_slug is not null then slug = p_slug when p_id is not null then id = p_id else slug = 'guide' end
    and (readers && roost.principals(p_user) or roost.is_admin(p_user));
  if v_agent.id is null then
    perform roost.refuse(404, 'agent-not-found', 'There is no such agent, or it is not open to you. Choose another one.');
  elsif v_agent.status <> 'deployed' then
    -- A trial that waited for a decision goes on.
    if p_slug is null and roost.may_manage(p_user, v_agent.created_by, v_agent.readers)
      and exists (select from public.agent_drafts where agent_id = v_agent.id) then
      return roost.draft_for(p_user, v_agent.slug);
    end if;
    perform roost.refuse(409, 'agent-not-deployed', format(
      'The agent %s is %s and does not answer now. Choose another one, or ask an admin to deploy it.',
      v_agent.name, case v_agent.status when 'paused' then 'paused' else 'not deployed yet' end));
  end if;
  return jsonb_build_object('id', v_agent.id, 'slug', v_agent.slug, 'name', v_agent.name)
    || roost.deployment(v_agent.id, v_agent.live_number);
end
$$;

-- How an agent has fared in the last thirty days, for whoever may manage it; null for others. Trials do not count.
create or replace function public.agent_activity(p_user uuid, p_slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'deployments', (select count(*) from public.deployments as d where d.agent_id = a.id),
    'runs', count(r.id), 'finished', count(r.id) filter (where r.state = 'finished'),
    'failed', count(r.id) filter (where r.state = 'failed'),
    'running', count(r.id) filter (where r.state in ('queued', 'running')),
    'waiting', count(r.id) filter (where r.state = 'waiting'),
    'people', count(distinct r.user_id), 'input_tokens', coalesce(sum(r.input_tokens), 0),
    'output_tokens', coalesce(sum(r.output_tokens), 0), 'cost', coalesce(sum(r.cost), 0),
    'last_run_at', max(r.created_at),
    'liked', (select count(*) from public.feedback as f
      where f.agent_id = a.id and f.rating = 'up' and f.updated_at > now() - interval '30 days'),
    'disliked', (select count(*) from public.feedback as f
      where f.agent_id = a.id and f.rating = 'down' and f.updated_at > now() - interval '30 days'))
  from public.agents as a
  left join public.runs as r on r.agent_id = a.id and r.created_at > now() - interval '30 days'
    and r.deployment_number is distinct from 0
  where a.slug = p_slug and roost.may_manage(p_user, a.created_by, a.readers)
  group by a.id
$$;

-- The same by day (UTC), with the time that answers took, and the latest failures; null for who may not manage it.
create function public.agent_statistics(p_user uuid, p_slug text, p_days integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'days', (
      select coalesce(jsonb_agg(to_jsonb(of_day) order by of_day.day), '[]') from (
        select to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD') as day,
          count(*) as runs, count(*) filter (where r.state = 'failed') as failed,
          percentile_cont(0.5) within group (order by extract(epoch from r.finished_at - r.created_at))
            filter (where r.state = 'finished') as p50_seconds,
          percentile_cont(0.95) within group (order by extract(epoch from r.finished_at - r.created_at))
            filter (where r.state = 'finished') as p95_seconds,
          sum(r.input_tokens + r.output_tokens) as tokens, sum(r.cost) as cost
        from public.runs as r
        where r.agent_id = a.id and r.created_at > now() - make_interval(days => p_days)
          and r.deployment_number is distinct from 0
        group by 1) as of_day),
    'failures', (
      select coalesce(jsonb_agg(to_jsonb(failure)), '[]') from (
        select r.created_at as at, r.deployment_number, r.model, r.error ->> 'type' as type,
          coalesce(r.error ->> 'detail', r.error ->> 'title', '') as detail
        from public.runs as r
        where r.agent_id = a.id and r.state = 'failed' and r.deployment_number is distinct from 0
          and r.created_at > now() - make_interval(days => p_days)
        order by r.created_at desc limit 20) as failure))
  from public.agents as a
  where a.slug = p_slug and roost.may_manage(p_user, a.created_by, a.readers)
$$;

revoke all on function
  public.save_agent_draft(uuid, text, jsonb), public.discard_agent_draft(uuid, text), roost.draft_for(uuid, text),
  roost.deployment(uuid, integer), roost.agent_without_budget(uuid, text, uuid),
  public.agent_activity(uuid, text), public.agent_statistics(uuid, text, integer)
from public, anon, authenticated;
grant execute on function
  public.save_agent_draft(uuid, text, jsonb), public.discard_agent_draft(uuid, text),
  public.agent_activity(uuid, text), public.agent_statistics(uuid, text, integer)
to service_role;
