-- Agents and their numbered, immutable deployments. What an agent is called and who may use it belongs to the agent;
-- what it does belongs to a deployment, so that rolling back is choosing a number.

-- Refuse with an HTTP status, a stable problem type and a sentence for a person (PostgREST: errcode PTxyz is status xyz).
create function roost.refuse(p_status integer, p_slug text, p_message text, p_detail text default null) returns void
language plpgsql set search_path = '' as $$
begin
  raise exception using
    errcode = 'PT' || p_status, message = p_message, hint = p_slug, detail = coalesce(p_detail, '');
end
$$;
grant execute on function roost.refuse(integer, text, text, text) to authenticated, service_role;

create table public.agents (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null check (length(name) between 1 and 120),
  description text not null default '' check (length(description) <= 2000),
  starters text[] not null default '{}',
  status text not null default 'draft' check (status in ('draft', 'deployed', 'paused')),
  live_number integer,
  readers uuid[] not null default array['00000000-0000-0000-0000-000000000001'::uuid],
  last_error text,
  last_error_at timestamptz,
  created_by uuid references public.user_profiles (user_id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'deployed' or live_number is not null)
);

create table public.deployments (
  agent_id uuid not null references public.agents (id) on delete cascade,
  number integer not null check (number > 0),
  instructions text not null default '',
  -- null: the model that the server is set to
  model text,
  fallback_models text[] not null default '{}',
  model_settings jsonb not null default '{}',
  tools jsonb not null default '[]',
  -- mode: always (passages are looked up before each answer), tool (the model asks for them), off
  knowledge jsonb not null default '{"mode": "always"}',
  -- {"requests", "tool_calls", "total_tokens", "cost"}: bounds of one run; what is missing is the server's own bound
  limits jsonb not null default '{}',
  note text not null default '',
  created_by uuid references public.user_profiles (user_id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (agent_id, number)
);

alter table public.agents
  add foreign key (id, live_number) references public.deployments (agent_id, number) deferrable initially deferred;

create function roost.keep_deployment() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- Deleting a person may clear created_by; nothing else of a deployment ever changes.
  if (to_jsonb(new) - 'created_by') is distinct from (to_jsonb(old) - 'created_by') then
    perform roost.refuse(409, 'deployment-immutable', 'A deployment cannot be changed. Deploy a new one.');
  end if;
  return new;
end
$$;
create trigger keep_deployment before update on public.deployments
  for each row execute function roost.keep_deployment();

alter table public.agents enable row level security;
alter table public.deployments enable row level security;
revoke all on public.agents, public.deployments from anon, authenticated;
grant select on public.agents, public.deployments to authenticated;
grant all on public.agents, public.deployments to service_role;

create policy "agents that one may use, or any as admin" on public.agents for select to authenticated
  using (
    (status = 'deployed' and readers && (select roost.principals(auth.uid())))
    or (select roost.is_admin(auth.uid()))
  );
-- Instructions can hold what users of an agent are not to read.
create policy "deployments as admin" on public.deployments for select to authenticated
  using ((select roost.is_admin(auth.uid())));

with guide as (
  insert into public.agents (slug, name, description, starters, status, live_number)
  values (
    'guide', 'Guide', 'Answers from your documents and says where the answer comes from.',
    array['What can you do?', 'How do I add my own documents?', 'Where do your answers come from?'],
    'deployed', 1
  )
  returning id
)
insert into public.deployments (agent_id, number, instructions, note)
select id, 1,
  'You are Guide, an assistant of the people who run this Roost. Answer from the passages of their documents whenever '
  'these bear on the question, and mark each statement that rests on a passage with its number in square brackets, '
  'like [1]. When the passages do not hold the answer, say so plainly before you answer from general knowledge. Be '
  'brief and exact, and answer in the language of the question.',
  'The first one'
from guide;
