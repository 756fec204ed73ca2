-- Give back what a request has reserved, and count what it has used instead, once: the process that made the request and
-- whatever ends its run (a lease that is over, a conversation that is deleted) may do so at the same time. Who takes the
-- reservation settles it. Budgets are locked in the order in which reserve_spending does.
create or replace function public.settle_spending(p_reservation uuid, p_tokens bigint, p_cost numeric) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_held public.reservations;
begin
  for v_held in select * from public.reservations where id = p_reservation order by budget_id, subject loop
    delete from public.reservations where id = v_held.id and budget_id = v_held.budget_id;
    continue when not found;
    update public.spending set
      tokens_reserved = tokens_reserved - v_held.tokens, cost_reserved = cost_reserved - v_held.cost,
      tokens_used = tokens_used + coalesce(p_tokens, v_held.tokens), cost_used = cost_used + coalesce(p_cost, v_held.cost)
    where budget_id = v_held.budget_id and subject = v_held.subject and period_start = v_held.period_start;
  end loop;
end
$$;

-- A conversation is named after its run has ended. A process that dies then leaves a reservation that no change of a run
-- settles: it is counted after an hour, which no request takes.
alter table public.reservations add column created_at timestamptz not null default now();

create function roost.settle_left_reservations() returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform public.settle_spending(held.id, null, null)
  from (
    select distinct r.id from public.reservations as r join public.runs as run on run.id = r.run_id
    where r.created_at < now() - interval '1 hour' and run.state not in ('queued', 'running') order by r.id
  ) as held;
end
$$;

-- As before, and settle what nobody has.
create or replace function public.forget_answers() returns integer
language sql security definer set search_path = '' as $$
  select roost.settle_left_reservations();
  with forgotten as (
    update public.runs set idempotency_key = null, request_hash = null, answer = null
    where idempotency_key is not null and created_at < now() - interval '1 day' returning 1
  )
  select count(*)::integer from forgotten
$$;

revoke all on function roost.settle_left_reservations() from public, anon, authenticated;
