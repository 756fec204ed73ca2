-- A request that an agent makes because another one has asked it comes under its own budgets too, not only under those of
-- the agent that was asked first. An account that goes in the middle of a run leaves nothing reserved.

drop function public.reserve_spending(uuid, bigint, numeric);

-- Reserve the upper bound of one request of a run against all its budgets, or refuse with 402 and reserve nothing.
--   p_agent: the agent that makes the request; null for the run's own
-- Returns the reservation's id, for settle_spending.
create function public.reserve_spending(p_run uuid, p_tokens bigint, p_cost numeric, p_agent uuid default null) returns uuid
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
    -- Each once, and all in one order, in which settle_spending takes them too.
    select budget_id, subject, period_start from roost.budgets_of(v_run.user_id, v_run.agent_id, v_run.api_key_id)
    union
    select budget_id, subject, period_start
    from roost.budgets_of(v_run.user_id, coalesce(p_agent, v_run.agent_id), v_run.api_key_id)
    order by budget_id, subject
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

create function roost.settle_deleted_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform public.settle_spending(held.id, null, null)
  from (select distinct id from public.reservations where run_id = old.id order by id) as held;
  return old;
end
$$;
create trigger settle_deleted_run before delete on public.runs
  for each row execute function roost.settle_deleted_run();

revoke all on function public.reserve_spending(uuid, bigint, numeric, uuid), roost.settle_deleted_run()
from public, anon, authenticated;
grant execute on function public.reserve_spending(uuid, bigint, numeric, uuid) to service_role;
