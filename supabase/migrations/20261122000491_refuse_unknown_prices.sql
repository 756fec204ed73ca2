-- A budget in money holds for no request whose price is not known: it is refused, and reserves nothing. It used to count
-- as nothing, so that such a budget was never used up.
--   p_cost: the most that the request may cost, in US dollars; null where the model's price is not known
--   p_agent: the agent that makes the request; null for the run's own
create or replace function public.reserve_spending(p_run uuid, p_tokens bigint, p_cost numeric, p_agent uuid default null)
returns uuid
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
    if p_cost is null and v_budget.max_cost is not null then
      perform roost.refuse(402, 'price-unknown', concat(
        'A budget in US dollars holds here, and the price of this model is not known. Ask an admin to give it one in ',
        'MODEL_PRICES (0 where it costs nothing), or to set the budget in tokens.'));
    end if;
    insert into public.spending (budget_id, subject, period_start)
    values (v_of.budget_id, v_of.subject, v_of.period_start) on conflict do nothing;
    select * into v_spent from public.spending
    where budget_id = v_of.budget_id and subject = v_of.subject and period_start = v_of.period_start for update;
    if v_spent.tokens_used + v_spent.tokens_reserved + p_tokens > v_budget.max_tokens
      or v_spent.cost_used + v_spent.cost_reserved + p_cost > v_budget.max_cost then
      perform roost.refuse(402, 'budget-exceeded', roost.budget_words(v_budget));
    end if;
    update public.spending
    set tokens_reserved = tokens_reserved + p_tokens, cost_reserved = cost_reserved + coalesce(p_cost, 0)
    where budget_id = v_of.budget_id and subject = v_of.subject and period_start = v_of.period_start;
    insert into public.reservations (id, run_id, budget_id, subject, period_start, tokens, cost)
    values (v_id, p_run, v_of.budget_id, v_of.subject, v_of.period_start, p_tokens, coalesce(p_cost, 0));
  end loop;
  return v_id;
end
$$;
