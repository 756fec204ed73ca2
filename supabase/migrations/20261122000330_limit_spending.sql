-- Hard budgets, in tokens and in money. Before each request to a model its upper bound is reserved against every budget
-- that applies, in one transaction that locks them in one order; afterwards the bound is replaced by what it really
-- took. What is used and what is reserved together never exceed a budget, however many runs ask at once.

create table public.budgets (
  id uuid primary key default gen_random_uuid(),
  -- all: everybody together; each_person: every person by themselves; a group: its members together
  scope text not null check (scope in ('all', 'each_person', 'person', 'group', 'agent', 'key')),
  scope_id uuid,
  period text not null default 'month' check (period in ('day', 'month', 'total')),
  max_tokens bigint check (max_tokens >= 0),
  -- US dollars
  max_cost numeric(14, 6) check (max_cost >= 0),
  created_by uuid references public.user_profiles (user_id) on delete set null,
  created_at timestamptz not null default now(),
  check ((scope in ('all', 'each_person')) = (scope_id is null)),
  check (max_tokens is not null or max_cost is not null)
);
create unique index budgets_by_scope
  on public.budgets (scope, coalesce(scope_id, '00000000-0000-0000-0000-000000000000'), period);

create table public.spending (
  budget_id uuid not null references public.budgets (id) on delete cascade,
  -- The person, for a budget of each person; else the budget itself.
  subject uuid not null,
  period_start timestamptz not null,
  tokens_used bigint not null default 0,
  tokens_reserved bigint not null default 0 check (tokens_reserved >= 0),
  cost_used numeric(14, 8) not null default 0,
  cost_reserved numeric(14, 8) not null default 0 check (cost_reserved >= 0),
  primary key (budget_id, subject, period_start)
);

-- What each request of a run holds at the moment. A run that ends, however it ends, holds nothing any more.
create table public.reservations (
  id uuid not null,
  run_id uuid not null references public.runs (id) on delete cascade,
  budget_id uuid not null,
  subject uuid not null,
  period_start timestamptz not null,
  tokens bigint not null,
  cost numeric(14, 8) not null,
  primary key (id, budget_id),
  foreign key (budget_id, subject, period_start) references public.spending on delete cascade
);
create index reservations_of_run on public.reservations (run_id);

alter table public.budgets enable row level security;
alter table public.spending enable row level security;
alter table public.reservations enable row level security;
revoke all on public.budgets, public.spending, public.reservations from anon, authenticated;
grant select on public.budgets, public.spending to authenticated;
grant all on public.budgets, public.spending, public.reservations to service_role;

create policy "budgets that bind one, or any as admin" on public.budgets for select to authenticated
  using (
    (select roost.is_admin(auth.uid())) or scope in ('all', 'each_person')
    or scope_id = any ((select roost.principals(auth.uid()))::uuid[])
  );
create policy "one's own spending, or any as admin" on public.spending for select to authenticated
  using ((select roost.is_admin(auth.uid())) or subject = (select auth.uid())
    or exists (select from public.budgets as b where b.id = budget_id and b.scope_id = (select auth.uid())));

create function roost.period_start(p_period text) returns timestamptz
language sql stable set search_path = '' as $$
  select case p_period when 'total' then '2000-01-01 00:00+00'::timestamptz
    else date_trunc(p_period, now() at time zone 'UTC') at time zone 'UTC' end
$$;

-- The budgets that a run comes under, with whom they count for.
create function roost.budgets_of(p_user uuid, p_agent uuid, p_key uuid)
returns table (budget_id uuid, subject uuid, period_start timestamptz)
language sql stable security definer set search_path = '' as $$
  select b.id, case b.scope when 'each_person' then p_user else b.id end, roost.period_start(b.period)
  from public.budgets as b
  where b.scope in ('all', 'each_person')
    or (b.scope = 'person' and b.scope_id = p_user)
    or (b.scope = 'agent' and b.scope_id = p_agent)
    or (b.scope = 'key' and b.scope_id = p_key)
    or (b.scope = 'group' and b.scope_id in (select m.group_id from public.group_members as m where m.user_id = p_user))
$$;

-- The agent for a run, with word of whether its requests are to be reserved: most installations have no budget, and pay
-- no round trip for it.
alter function roost.agent_for(uuid, text, uuid) rename to agent_without_budget;
create function roost.agent_for(p_user uuid, p_slug text, p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_agent jsonb := roost.agent_without_budget(p_user, p_slug, p_id);
begin
  return v_agent || jsonb_build_object('budgeted',
    exists (select from public.budgets where scope = 'key')
    or exists (select from roost.budgets_of(p_user, (v_agent ->> 'id')::uuid, null)));
end
$$;

create function roost.budget_words(p_budget public.budgets) returns text
language sql stable set search_path = '' as $$
  select format('The %s budget of %s (%s) is used up. ',
    case p_budget.period when 'day' then 'daily' when 'month' then 'monthly' else 'total' end,
    case p_budget.scope when 'all' then 'this Roost' when 'each_person' then 'each person' when 'person' then 'your account'
      when 'group' then 'your group' when 'agent' then 'this agent' else 'this API key' end,
    concat_ws(', ', case when p_budget.max_tokens is not null then p_budget.max_tokens || ' tokens' end,
      case when p_budget.max_cost is not null then '$' || round(p_budget.max_cost, 2) end))
    || case p_budget.period
      when 'total' then 'Ask an admin to raise it.'
      else format('It begins anew on %s (UTC); or ask an admin to raise it.', to_char(
        roost.period_start(p_budget.period) at time zone 'UTC' + ('1 ' || p_budget.period)::interval, 'YYYY-MM-DD'))
      end
$$;

-- Reserve the upper bound of one request of a run against all its budgets, or refuse with 402 and reserve nothing.
-- Returns the reservation's id, for settle_spending.
create function public.reserve_spending(p_run uuid, p_tokens bigint, p_cost numeric) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_id uuid := gen_random_uuid();
  v_run public.runs;
  v_of record;
  v_budget public.budgets;
  v_spent public.spending;
begin
  select * into v_run from public.runs where id = p_run;
  for v_of in
    select * from roost.budgets_of(v_run.user_id, v_run.agent_id, v_run.api_key_id) order by budget_id, subject
  loop
    select * into v_budget from public.budgets where id = v_of.budget_id;
    insert into public.spending (budget_id, subject, period_start)
    values (v_of.budget_id, v_of.subject, v_of.period_start) on conflict do nothing;
    select * into v_spent from public.spending
    where budget_id = v_of.budget_id and subject = v_of.subject and period_start = v_of.period_start for update;
    if v_spent.tokens_used + v_spent.tokens_reserved + p_tokens > v_budget.max_tokens
      or v_spent.cost_used + v_spent.cost_reserved + p_cost > v_budget.max_cost then
      perform roost.refuse(402, 'budget-exceeded', roost.budget_words(v_budget));
    end if;
    update public.spending set tokens_reserved = tokens_reserved + p_tokens, cost_reserved = cost_reserved + p_cost
    where budget_id = v_of.budget_id and subject = v_of.subject and period_start = v_of.period_start;
    insert into public.reservations (id, run_id, budget_id, subject, period_start, tokens, cost)
    values (v_id, p_run, v_of.budget_id, v_of.subject, v_of.period_start, p_tokens, p_cost);
  end loop;
  return v_id;
end
$$;

-- Give back what a request has reserved, and count what it has used instead. Budgets are locked in the order in which
-- reserve_spending does.
create function public.settle_spending(p_reservation uuid, p_tokens bigint, p_cost numeric) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_held public.reservations;
begin
  for v_held in select * from public.reservations where id = p_reservation order by budget_id, subject loop
    update public.spending set
      tokens_reserved = tokens_reserved - v_held.tokens, cost_reserved = cost_reserved - v_held.cost,
      tokens_used = tokens_used + coalesce(p_tokens, v_held.tokens), cost_used = cost_used + coalesce(p_cost, v_held.cost)
    where budget_id = v_held.budget_id and subject = v_held.subject and period_start = v_held.period_start;
    delete from public.reservations where id = v_held.id and budget_id = v_held.budget_id;
  end loop;
end
$$;

-- Whatever ends a run, nothing stays reserved. The orderly way settles before, so this finds nothing; after a crash
-- the provider may have charged up to the bound, and a budget that must not be overspent counts it.
create function roost.settle_ended_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform public.settle_spending(held.id, null, null)
  from (select distinct id from public.reservations where run_id = new.id order by id) as held;
  return null;
end
$$;
create trigger settle_ended_run after update of state on public.runs
  for each row when (new.state not in ('queued', 'running')) execute function roost.settle_ended_run();

-- Take back a turn that was refused before anything was sent: as if it had not been asked.
create function public.undo_turn(p_run uuid, p_owner text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_run public.runs;
begin
  delete from public.runs where id = p_run and owner = p_owner and state in ('queued', 'running') returning * into v_run;
  if v_run.conversation_id is null then
    return;
  end if;
  update public.conversations set
    head_id = coalesce(
      (select m.id from public.messages as m where m.conversation_id = v_run.conversation_id
        and m.parent_id = v_run.question_id order by m.created_at desc limit 1),
      (select m.parent_id from public.messages as m
        where m.conversation_id = v_run.conversation_id and m.id = v_run.question_id))
  where id = v_run.conversation_id and head_id = v_run.question_id;
  -- A question that was answered before (an answer was to be made anew) stays with its answers.
  delete from public.messages as m
  where m.conversation_id = v_run.conversation_id and m.id = v_run.question_id
    and not exists (select from public.messages as a
      where a.conversation_id = m.conversation_id and a.parent_id = m.id);
  delete from public.conversations as c
  where c.id = v_run.conversation_id
    and not exists (select from public.messages as m where m.conversation_id = c.id);
end
$$;

-- What was used, for one person or (null) for everybody, by 'day', 'person', 'agent', 'model' or 'door'.
create function public.usage_report(p_user uuid, p_by text, p_from timestamptz, p_to timestamptz)
returns table (key text, label text, runs bigint, failed bigint, input_tokens numeric, output_tokens numeric, cost numeric)
language sql stable security definer set search_path = '' as $$
  select
    case p_by when 'day' then to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD') when 'person' then r.user_id::text
      when 'agent' then r.agent_id::text when 'model' then r.model else r.door end,
    coalesce(max(case p_by when 'person' then p.email when 'agent' then a.name end), ''),
    count(*), count(*) filter (where r.state = 'failed'),
    sum(r.input_tokens), sum(r.output_tokens), sum(r.cost)
  from public.runs as r
  left join public.user_profiles as p on p.user_id = r.user_id
  left join public.agents as a on a.id = r.agent_id
  where r.created_at >= p_from and r.created_at < p_to and (p_user is null or r.user_id = p_user)
  group by 1 order by 1 nulls last
$$;
create index runs_by_time on public.runs (created_at);

-- Set a budget of a scope and period, or change what it allows. Told in the audit log with the change.
create function public.set_budget(p_user uuid, p_budget jsonb) returns public.budgets
language plpgsql security definer set search_path = '' as $$
declare
  v_before public.budgets;
  v_after public.budgets;
begin
  select * into v_before from public.budgets as b
  where b.scope = p_budget ->> 'scope' and b.period = p_budget ->> 'period'
    and b.scope_id is not distinct from (p_budget ->> 'scope_id')::uuid
  for update;
  if v_before.id is null then
    insert into public.budgets (scope, scope_id, period, max_tokens, max_cost, created_by)
    values (p_budget ->> 'scope', (p_budget ->> 'scope_id')::uuid, p_budget ->> 'period',
      (p_budget ->> 'max_tokens')::bigint, (p_budget ->> 'max_cost')::numeric, p_user)
    returning * into v_after;
  else
    update public.budgets set
      max_tokens = (p_budget ->> 'max_tokens')::bigint, max_cost = (p_budget ->> 'max_cost')::numeric
    where id = v_before.id returning * into v_after;
  end if;
  perform roost.audit(p_user, 'budget.set', 'budget', v_after.id::text, v_after.scope,
    case when v_before.id is not null then to_jsonb(v_before) end, to_jsonb(v_after));
  return v_after;
end
$$;

create function public.delete_budget(p_user uuid, p_budget uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_budget public.budgets;
begin
  delete from public.budgets where id = p_budget returning * into v_budget;
  if v_budget.id is null then
    perform roost.refuse(404, 'budget-not-found', 'There is no such budget.');
  end if;
  perform roost.audit(p_user, 'budget.delete', 'budget', v_budget.id::text, v_budget.scope, to_jsonb(v_budget));
end
$$;

-- The budgets that the reader may see, with what is used and reserved of them in their present period.
create function public.list_budgets() returns table (
  id uuid, scope text, scope_id uuid, label text, period text, period_start timestamptz, max_tokens bigint,
  max_cost numeric, tokens_used bigint, tokens_reserved bigint, cost_used numeric, cost_reserved numeric
)
language sql stable security invoker set search_path = '' as $$
  select b.id, b.scope, b.scope_id, coalesce(p.email, g.name, a.name, k.name, ''), b.period, start.at, b.max_tokens,
    b.max_cost, coalesce(sum(s.tokens_used), 0)::bigint, coalesce(sum(s.tokens_reserved), 0)::bigint,
    coalesce(sum(s.cost_used), 0), coalesce(sum(s.cost_reserved), 0)
  from public.budgets as b
  cross join lateral (select roost.period_start(b.period) as at) as start
  left join public.spending as s on s.budget_id = b.id and s.period_start = start.at
    -- Of a budget of each person one sees one's own share.
    and (b.scope <> 'each_person' or s.subject = auth.uid())
  left join public.user_profiles as p on b.scope = 'person' and p.user_id = b.scope_id
  left join public.groups as g on b.scope = 'group' and g.id = b.scope_id
  left join public.agents as a on b.scope = 'agent' and a.id = b.scope_id
  left join public.api_keys as k on b.scope = 'key' and k.id = b.scope_id
  group by b.id, start.at, p.email, g.name, a.name, k.name
  order by b.scope, b.period, b.created_at
$$;

revoke all on function
  public.set_budget(uuid, jsonb), public.delete_budget(uuid, uuid), public.list_budgets(),
  roost.agent_for(uuid, text, uuid), roost.period_start(text), roost.budgets_of(uuid, uuid, uuid), roost.budget_words(public.budgets),
  roost.settle_ended_run(),
  public.reserve_spending(uuid, bigint, numeric), public.settle_spending(uuid, bigint, numeric),
  public.undo_turn(uuid, text), public.usage_report(uuid, text, timestamptz, timestamptz)
from public, anon, authenticated;
grant execute on function roost.period_start(text), public.list_budgets() to authenticated;
grant execute on function
  public.set_budget(uuid, jsonb), public.delete_budget(uuid, uuid), public.reserve_spending(uuid, bigint, numeric),
  public.settle_spending(uuid, bigint, numeric), public.undo_turn(uuid, text),
  public.usage_report(uuid, text, timestamptz, timestamptz)
to service_role;
