-- Conversations, their messages as a tree (each points at the one before it, so that an edit or another try is a branch
-- and nothing is lost), and the runs that answer.

create table public.conversations (
  -- Made by the client, as the AI SDK does, so that a repeated first request cannot make two.
  id text primary key check (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  agent_id uuid references public.agents (id) on delete set null,
  title text not null default '' check (length(title) <= 300),
  -- The newest message of the branch that is shown.
  head_id text,
  pinned boolean not null default false,
  archived boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index conversations_of_user on public.conversations (user_id, updated_at desc, id desc);

create table public.runs (
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  conversation_id text references public.conversations (id) on delete set null,
  agent_id uuid references public.agents (id) on delete set null,
  deployment_number integer,
  -- The protocol that started it: web, openai, telegram, …
  door text not null default 'web',
  state text not null default 'running'
    check (state in ('queued', 'running', 'waiting', 'finished', 'failed', 'cancelled', 'interrupted')),
  question_id text,
  answer_id text,
  model text,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost numeric(14, 8) not null default 0,
  -- A problem document (type, title, status, detail) where the run did not finish.
  error jsonb,
  -- Which process works on it, and until when it is believed to live without another sign.
  owner text,
  lease_until timestamptz,
  cancel_requested boolean not null default false,
  -- The parts of the answer so far, kept for the case that the process dies.
  partial jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index runs_of_user on public.runs (user_id, created_at desc);
create index runs_of_conversation on public.runs (conversation_id, created_at desc);
create index runs_by_lease on public.runs (lease_until) where state in ('queued', 'running');
-- One answer at a time in a conversation, whoever asks at the same moment.
create unique index one_active_run on public.runs (conversation_id) where state in ('queued', 'running');

create table public.run_steps (
  run_id uuid not null references public.runs (id) on delete cascade,
  number integer not null,
  kind text not null check (kind in ('knowledge', 'model', 'tool')),
  name text not null,
  started_at timestamptz not null,
  duration_ms double precision not null,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  -- US dollars; null where the price is not known
  cost numeric(14, 8),
  detail jsonb not null default '{}',
  error text,
  primary key (run_id, number)
);

create table public.messages (
  conversation_id text not null references public.conversations (id) on delete cascade,
  id text not null check (length(id) between 1 and 128),
  parent_id text,
  role text not null check (role in ('user', 'assistant')),
  -- What is shown: the parts of the AI SDK's UI message.
  parts jsonb not null default '[]',
  -- What the model is given again on the next turn: pydantic-ai's messages of this run. Answers only.
  model_messages jsonb,
  run_id uuid references public.runs (id) on delete set null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (conversation_id, id),
  foreign key (conversation_id, parent_id) references public.messages (conversation_id, id) on delete cascade
);
create index messages_by_parent on public.messages (conversation_id, parent_id);
create index messages_by_run on public.messages (run_id);

-- With a conversation go its words; that a run took place and what it cost stays, for the accounts.
create function roost.forget_words() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.run_steps where run_id in (select id from public.runs where conversation_id = old.id);
  update public.runs set partial = null, error = null where conversation_id = old.id;
  return old;
end
$$;
revoke all on function roost.forget_words() from public;
create trigger forget_words before delete on public.conversations
  for each row execute function roost.forget_words();

alter table public.conversations enable row level security;
alter table public.messages enable row level security;
alter table public.runs enable row level security;
alter table public.run_steps enable row level security;
revoke all on public.conversations, public.messages, public.runs, public.run_steps from anon, authenticated;
grant select, delete on public.conversations to authenticated;
grant update (title, pinned, archived, head_id) on public.conversations to authenticated;
grant select on public.messages, public.runs, public.run_steps to authenticated;
grant all on public.conversations, public.messages, public.runs, public.run_steps to service_role;

create policy "read own" on public.conversations for select to authenticated using (user_id = (select auth.uid()));
create policy "change own" on public.conversations for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "delete own" on public.conversations for delete to authenticated using (user_id = (select auth.uid()));
create policy "read own" on public.messages for select to authenticated
  using (exists (
    select from public.conversations as c where c.id = conversation_id and c.user_id = (select auth.uid())
  ));
create policy "read own" on public.runs for select to authenticated using (user_id = (select auth.uid()));
create policy "read own" on public.run_steps for select to authenticated
  using (exists (select from public.runs as r where r.id = run_id and r.user_id = (select auth.uid())));

-- A conversation with all its branches in one round trip, under the reader's own rights.
create function public.get_conversation(p_id text) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select jsonb_build_object(
    'id', c.id, 'title', c.title, 'head_id', c.head_id, 'pinned', c.pinned, 'archived', c.archived,
    'created_at', c.created_at, 'updated_at', c.updated_at,
    'agent_slug', a.slug, 'agent_name', a.name,
    'active_run_id', (
      select r.id from public.runs as r
      where r.conversation_id = c.id and r.state in ('queued', 'running') and r.lease_until > now()
    ),
    'messages', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', m.id, 'parent_id', m.parent_id, 'role', m.role, 'parts', m.parts, 'created_at', m.created_at,
        'run', case when r.id is null then null else jsonb_build_object(
          'id', r.id, 'state', r.state, 'error', r.error, 'model', r.model,
          'input_tokens', r.input_tokens, 'output_tokens', r.output_tokens, 'cost', r.cost,
          'created_at', r.created_at, 'finished_at', r.finished_at) end
      ) order by m.created_at, m.id)
      from public.messages as m left join public.runs as r on r.id = m.run_id
      where m.conversation_id = c.id
    ), '[]')
  )
  from public.conversations as c left join public.agents as a on a.id = c.agent_id
  where c.id = p_id
$$;
revoke all on function public.get_conversation(text) from public, anon;
grant execute on function public.get_conversation(text) to authenticated, service_role;
