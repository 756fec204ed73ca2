-- Reports of usage say how many tokens are of requests whose price is not known: what they cost is not in the sum. Steps
-- know it (their cost is null); where they are gone with their time, nothing is said.

create index run_steps_without_price on public.run_steps (run_id) where kind = 'model' and cost is null;

drop function public.usage_report(uuid, text, timestamptz, timestamptz);
-- What was used, for one person or (null) for everybody, by 'day', 'person', 'agent', 'model' or 'door'.
create function public.usage_report(p_user uuid, p_by text, p_from timestamptz, p_to timestamptz)
returns table (
  key text, label text, runs bigint, failed bigint, input_tokens numeric, output_tokens numeric, cost numeric,
  unpriced_tokens numeric
)
language sql stable security definer set search_path = '' as $$
  select
    case p_by when 'day' then to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD') when 'person' then r.user_id::text
      when 'agent' then r.agent_id::text when 'model' then r.model else r.door end,
    coalesce(max(case p_by when 'person' then p.email when 'agent' then a.name end), ''),
    count(*), count(*) filter (where r.state = 'failed'),
    sum(r.input_tokens), sum(r.output_tokens), sum(r.cost), coalesce(sum(unpriced.tokens), 0)
  from public.runs as r
  left join public.user_profiles as p on p.user_id = r.user_id
  left join public.agents as a on a.id = r.agent_id
  left join lateral (
    select sum(s.input_tokens + s.output_tokens) as tokens
    from public.run_steps as s where s.run_id = r.id and s.kind = 'model' and s.cost is null) as unpriced on true
  where r.created_at >= p_from and r.created_at < p_to and (p_user is null or r.user_id = p_user)
  group by 1 order by 1 nulls last
$$;

alter function public.agent_activity(uuid, text) rename to agent_activity_without_unpriced;
alter function public.agent_activity_without_unpriced(uuid, text) set schema roost;
-- How an agent has fared in the last thirty days, for whoever may manage it; null for others. Trials do not count.
create function public.agent_activity(p_user uuid, p_slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select roost.agent_activity_without_unpriced(p_user, p_slug) || jsonb_build_object('unpriced_tokens', (
    select coalesce(sum(s.input_tokens + s.output_tokens), 0)
    from public.runs as r
    join public.agents as a on a.id = r.agent_id
    join public.run_steps as s on s.run_id = r.id and s.kind = 'model' and s.cost is null
    where a.slug = p_slug and r.created_at > now() - interval '30 days' and r.deployment_number is distinct from 0))
$$;

revoke all on function public.usage_report(uuid, text, timestamptz, timestamptz), public.agent_activity(uuid, text)
from public, anon, authenticated;
grant execute on function public.usage_report(uuid, text, timestamptz, timestamptz), public.agent_activity(uuid, text)
to service_role;
