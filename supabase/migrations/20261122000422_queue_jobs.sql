-- Work that nobody waits for, done at least once, by whichever process comes to it first. A job is put here within the
-- transaction that gives rise to it, taken under a lease, tried again with growing pauses, and kept for an admin to see
-- once all its tries have failed.

create table public.jobs (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (length(kind) between 1 and 60),
  -- What it is about: there is one job of a kind about a thing at a time.
  subject text not null check (length(subject) between 1 and 200),
  payload jsonb not null default '{}',
  state text not null default 'ready' check (state in ('ready', 'running', 'dead')),
  tries integer not null default 0,
  max_tries integer not null default 5 check (max_tries between 1 and 100),
  run_after timestamptz not null default now(),
  owner text,
  lease_until timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  died_at timestamptz
);
create unique index one_job_about_a_subject on public.jobs (kind, subject) where state in ('ready', 'running');
create index jobs_to_take on public.jobs (run_after) where state in ('ready', 'running');
create index jobs_dead on public.jobs (died_at desc) where state = 'dead';

alter table public.jobs enable row level security;
revoke all on public.jobs from anon, authenticated;
grant select on public.jobs to authenticated;
grant all on public.jobs to service_role;
create policy "read as admin" on public.jobs for select to authenticated using ((select roost.is_admin(auth.uid())));

create function roost.enqueue_job(p_kind text, p_subject text, p_payload jsonb default '{}') returns void
language sql security definer set search_path = '' as $$
  insert into public.jobs (kind, subject, payload) values (p_kind, p_subject, p_payload)
  on conflict (kind, subject) where state in ('ready', 'running') do nothing
$$;

-- Take jobs that are due, and those whose process has given no sign in time. One that has had all its tries is dead.
create function public.take_jobs(p_owner text, p_kinds text[], p_limit integer, p_lease_seconds double precision)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_taken jsonb;
begin
  update public.jobs set state = 'dead', died_at = now(), owner = null, lease_until = null,
    last_error = coalesce(last_error, 'The process that worked on it has stopped.')
  where state = 'running' and lease_until < now() and tries >= max_tries;
  with due as (
    select id from public.jobs
    where kind = any (p_kinds)
      and (state = 'ready' and run_after <= now() or state = 'running' and lease_until < now())
    order by run_after limit p_limit for update skip locked
  ), taken as (
    update public.jobs as j set
      state = 'running', tries = j.tries + 1, owner = p_owner,
      lease_until = now() + make_interval(secs => p_lease_seconds)
    from due where j.id = due.id returning j.id, j.kind, j.subject, j.payload, j.tries
  )
  select coalesce(jsonb_agg(to_jsonb(taken)), '[]') into v_taken from taken;
  return v_taken;
end
$$;

-- The job is done, or (p_error) its try has failed. Says nothing to one whose lease has gone to another.
create function public.end_job(p_id uuid, p_owner text, p_error text default null) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_error is null then
    delete from public.jobs where id = p_id and owner = p_owner and state = 'running';
    return;
  end if;
  update public.jobs set
    state = case when tries >= max_tries then 'dead' else 'ready' end,
    died_at = case when tries >= max_tries then now() end,
    run_after = now() + make_interval(secs => least(5 * 2 ^ (tries - 1), 3600)),
    last_error = left(p_error, 1000), owner = null, lease_until = null
  where id = p_id and owner = p_owner and state = 'running';
end
$$;

-- Try a dead job again, as an admin; false where there is none. Its audit line says who did.
create function public.retry_job(p_user uuid, p_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_job public.jobs;
begin
  if not roost.is_admin(p_user) then
    perform roost.refuse(403, 'admins-only', 'This is for admins.');
  end if;
  select * into v_job from public.jobs where id = p_id and state = 'dead' for update;
  if v_job.id is null then
    return false;
  elsif exists (
    select from public.jobs where kind = v_job.kind and subject = v_job.subject and state in ('ready', 'running')
  ) then
    delete from public.jobs where id = p_id;  -- there is a newer one about the same
  else
    update public.jobs set state = 'ready', tries = 0, run_after = now(), died_at = null where id = p_id;
  end if;
  perform roost.audit(p_user, 'job.retry', 'job', p_id::text, v_job.kind, to_jsonb(v_job), null);
  return true;
end
$$;

-- Titles. Who has named a conversation: the first words of its question, a model, or its person, whom nobody overrules.
alter table public.conversations add column title_by text not null default 'question'
  check (title_by in ('question', 'model', 'person'));
-- Of those that are there already nobody knows any more.
update public.conversations set title_by = 'person';

create function roost.note_who_named() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.title is distinct from old.title and new.title_by = old.title_by then
    new.title_by := 'person';
  end if;
  return new;
end
$$;
revoke all on function roost.note_who_named() from public;
create trigger note_who_named before update on public.conversations
  for each row execute function roost.note_who_named();

-- Finish a run; as finish_turn, and keep the answer for a request that may be repeated, and have the conversation named.
--   p_result: as finish_turn's, and `answer`, `wants_title`
create or replace function public.finish_run(p_run uuid, p_owner text, p_result jsonb) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_state text := public.finish_turn(p_run, p_owner, p_result - 'answer' - 'wants_title');
begin
  update public.runs set answer = nullif(p_result -> 'answer', 'null')
  where id = p_run and idempotency_key is not null and conversation_id is null and state = 'finished' and answer is null;
  if v_state = 'finished' and (p_result ->> 'wants_title')::boolean then
    perform roost.enqueue_job('title', c.id, jsonb_build_object('run_id', p_run))
    from public.runs as r join public.conversations as c on c.id = r.conversation_id
    where r.id = p_run and c.title_by = 'question';
  end if;
  return v_state;
end
$$;

-- What a title is made from; null where the conversation needs none any more.
create function public.get_untitled(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'question', q.parts, 'answer', a.parts,
    'agent', jsonb_build_object('id', g.id, 'slug', g.slug, 'name', g.name)
      || roost.deployment(r.agent_id, r.deployment_number)
      || jsonb_build_object('budgeted',
        exists (select from roost.budgets_of(r.user_id, r.agent_id, r.api_key_id))))
  from public.runs as r
  join public.conversations as c on c.id = r.conversation_id and c.title_by = 'question'
  join public.agents as g on g.id = r.agent_id
  join public.messages as q on q.conversation_id = c.id and q.id = r.question_id
  join public.messages as a on a.conversation_id = c.id and a.id = r.answer_id
  where r.id = p_run
$$;

-- Name a conversation that nobody has named meanwhile, and count what that took with the run that gave rise to it.
--   p_step: as finish_turn's steps have it
create function public.set_generated_title(p_run uuid, p_title text, p_step jsonb) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_named boolean;
begin
  update public.runs set
    input_tokens = input_tokens + coalesce((p_step ->> 'input_tokens')::bigint, 0),
    output_tokens = output_tokens + coalesce((p_step ->> 'output_tokens')::bigint, 0),
    cost = cost + coalesce((p_step ->> 'cost')::numeric, 0)
  where id = p_run;
  insert into public.run_steps (
    run_id, number, kind, name, started_at, duration_ms, input_tokens, output_tokens, cost, detail)
  select p_run, 1 + (select count(*) from public.run_steps where run_id = p_run), 'model', p_step ->> 'name',
    (p_step ->> 'started_at')::timestamptz, (p_step ->> 'duration_ms')::double precision,
    coalesce((p_step ->> 'input_tokens')::bigint, 0), coalesce((p_step ->> 'output_tokens')::bigint, 0),
    (p_step ->> 'cost')::numeric, jsonb_build_object('for', 'title');
  update public.conversations set title = left(p_title, 300), title_by = 'model'
  where id = (select conversation_id from public.runs where id = p_run) and title_by = 'question' and p_title <> '';
  v_named := found;
  return v_named;
end
$$;

revoke all on function
  roost.enqueue_job(text, text, jsonb), public.take_jobs(text, text[], integer, double precision),
  public.end_job(uuid, text, text), public.retry_job(uuid, uuid), public.get_untitled(uuid),
  public.set_generated_title(uuid, text, jsonb)
from public, anon, authenticated;
grant execute on function
  public.take_jobs(text, text[], integer, double precision), public.end_job(uuid, text, text),
  public.retry_job(uuid, uuid), public.get_untitled(uuid), public.set_generated_title(uuid, text, jsonb)
to service_role;
