-- What people think of answers: a thumb, and a comment if they want. Admins see both, but a conversation is its owner's
-- alone: its words come along only where the person says so, as a copy that goes with the feedback.

create table public.feedback (
  conversation_id text not null,
  message_id text not null,
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  rating text not null check (rating in ('up', 'down')),
  comment text not null default '' check (length(comment) <= 4000),
  -- Copies, where the person lets the admins read them.
  question text,
  answer text,
  agent_id uuid references public.agents (id) on delete set null,
  deployment_number integer,
  model text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (conversation_id, message_id),
  foreign key (conversation_id, message_id) references public.messages (conversation_id, id) on delete cascade
);
create index feedback_by_time on public.feedback (updated_at desc, message_id desc);
create index feedback_of_agent on public.feedback (agent_id, updated_at desc);
create index feedback_of_user on public.feedback (user_id);

alter table public.feedback enable row level security;
revoke all on public.feedback from anon, authenticated;
grant select on public.feedback to authenticated;
grant all on public.feedback to service_role;
create policy "own feedback, or any as admin" on public.feedback for select to authenticated
  using (user_id = (select auth.uid()) or (select roost.is_admin(auth.uid())));

-- What is said in the parts of a message, without tools, reasoning and files.
create function roost.said(p_parts jsonb) returns text
language sql immutable set search_path = '' as $$
  select coalesce(string_agg(part ->> 'text', E'\n\n' order by place), '')
  from jsonb_array_elements(case jsonb_typeof(p_parts) when 'array' then p_parts else '[]' end)
    with ordinality as item (part, place)
  where part ->> 'type' = 'text'
$$;
grant execute on function roost.said(jsonb) to authenticated, service_role;

--   p_feedback: {rating, comment, include_text}
create function public.give_feedback(p_user uuid, p_conversation text, p_message text, p_feedback jsonb)
returns public.feedback
language plpgsql security definer set search_path = '' as $$
declare
  v_answer public.messages;
  v_run public.runs;
  v_words boolean := coalesce((p_feedback ->> 'include_text')::boolean, false);
  v_kept public.feedback;
begin
  if roost.principals(p_user) is null then
    perform roost.refuse(403, 'account-suspended', 'This account cannot be used now. Please ask an admin.');
  end if;
  select m.* into v_answer from public.messages as m
  join public.conversations as c on c.id = m.conversation_id and c.user_id = p_user
  where m.conversation_id = p_conversation and m.id = p_message and m.role = 'assistant';
  if v_answer.id is null then
    perform roost.refuse(404, 'message-not-found', 'There is no such answer in your conversations.');
  end if;
  select * into v_run from public.runs where id = v_answer.run_id;
  insert into public.feedback (
    conversation_id, message_id, user_id, rating, comment, question, answer, agent_id, deployment_number, model)
  values (
    p_conversation, p_message, p_user, p_feedback ->> 'rating', coalesce(p_feedback ->> 'comment', ''),
    case when v_words then left((
      select roost.said(m.parts) from public.messages as m
      where m.conversation_id = p_conversation and m.id = v_answer.parent_id), 20000) end,
    case when v_words then left(roost.said(v_answer.parts), 100000) end,
    v_run.agent_id, v_run.deployment_number, v_run.model)
  on conflict (conversation_id, message_id) do update set
    rating = excluded.rating, comment = excluded.comment, question = excluded.question, answer = excluded.answer,
    updated_at = now()
  returning * into v_kept;
  return v_kept;
end
$$;

create function public.take_feedback_back(p_user uuid, p_conversation text, p_message text) returns boolean
language sql security definer set search_path = '' as $$
  with gone as (
    delete from public.feedback
    where conversation_id = p_conversation and message_id = p_message and user_id = p_user returning 1)
  select exists (select from gone)
$$;

-- A conversation with all its branches in one round trip, under the reader's own rights; each answer with what the
-- reader thought of it.
create or replace function public.get_conversation(p_id text) returns jsonb
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
          'created_at', r.created_at, 'finished_at', r.finished_at) end,
        'feedback', case when f.rating is null then null else jsonb_build_object(
          'rating', f.rating, 'comment', f.comment, 'include_text', f.answer is not null) end
      ) order by m.created_at, m.id)
      from public.messages as m
      left join public.runs as r on r.id = m.run_id
      left join public.feedback as f on f.conversation_id = m.conversation_id and f.message_id = m.id
      where m.conversation_id = c.id
    ), '[]')
  )
  from public.conversations as c left join public.agents as a on a.id = c.agent_id
  where c.id = p_id
$$;

revoke all on function
  public.give_feedback(uuid, text, text, jsonb), public.take_feedback_back(uuid, text, text)
from public, anon, authenticated;
grant execute on function
  public.give_feedback(uuid, text, text, jsonb), public.take_feedback_back(uuid, text, text)
to service_role;
