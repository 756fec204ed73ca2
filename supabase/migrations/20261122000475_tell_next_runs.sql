-- When a source is looked at next: a pipeline that runs all the time says so while it waits. A single run (by cron, by hand)
-- says nothing, because it does not know.

alter table public.rag_pipeline_state
  -- Seconds between two runs, and when the next one begins; both null: whatever starts single runs knows
  add column check_interval real,
  add column next_run_at timestamptz;

-- The loop waits p_seconds and then runs again; null: it ends.
create function public.plan_next_run(p_pipeline_ids text[], p_interval real, p_seconds real) returns void
language sql security definer set search_path = '' as $$
  update public.rag_pipeline_state
  set check_interval = case when p_seconds is not null then p_interval end,
    next_run_at = now() + make_interval(secs => p_seconds)
  where pipeline_id = any (p_pipeline_ids)
$$;
revoke all on function public.plan_next_run(text[], real, real) from public, anon, authenticated;
grant execute on function public.plan_next_run(text[], real, real) to service_role;

-- A run that begins long after the moment that was told: the loop is gone, and something else starts runs now.
create function roost.drop_old_plan() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.next_run_at < now() - make_interval(secs => 60 + 2 * new.check_interval) then
    new.next_run_at := null;
    new.check_interval := null;
  end if;
  return new;
end
$$;
create trigger drop_old_plan before update of lock_owner on public.rag_pipeline_state
  for each row when (new.lock_owner is not null and new.next_run_at is not null)
  execute function roost.drop_old_plan();

-- As roost.source_run: anyone who sees the source may know.
create function roost.source_plan(p_pipeline_id text) returns table (next_run_at timestamptz, check_interval real)
language sql stable security definer set search_path = '' as $$
  select state.next_run_at, state.check_interval
  from public.rag_pipeline_state as state where state.pipeline_id = p_pipeline_id
$$;
revoke all on function roost.source_plan(text) from public;
grant execute on function roost.source_plan(text) to authenticated, service_role;

create or replace view public.knowledge_sources with (security_invoker = true) as
select source.id, source.kind, source.name, source.visibility, source.sync_requested_at, source.created_at,
  roost.source_run(source.pipeline_id) as last_run,
  (select coalesce(jsonb_object_agg(counted.state, counted.files), '{}') from (
    select file.state, count(*) as files from public.file_ledger as file
    where file.source_id = source.id group by file.state) as counted) as files,
  plan.next_run_at, plan.check_interval
from public.sources as source
left join lateral roost.source_plan(source.pipeline_id) as plan on true;
