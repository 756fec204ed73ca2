-- Files that are part of a question: kept beside the messages, which point at them, so that opening a conversation or
-- beginning a turn does not carry them along.

create table public.attachments (
  -- Made of the person, the conversation and the content: what is sent twice is kept once.
  id uuid primary key,
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  -- No reference: a file comes just before the question that may begin its conversation.
  conversation_id text not null,
  filename text not null default '' check (length(filename) <= 255),
  media_type text not null,
  size_bytes integer not null,
  data bytea not null,
  created_at timestamptz not null default now()
);
create index attachments_of_conversation on public.attachments (conversation_id);
create index attachments_of_user on public.attachments (user_id, created_at);

create function roost.forget_attachments() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.attachments where conversation_id = old.id and user_id = old.user_id;
  return old;
end
$$;
revoke all on function roost.forget_attachments() from public;
create trigger forget_attachments before delete on public.conversations
  for each row execute function roost.forget_attachments();

alter table public.attachments enable row level security;
revoke all on public.attachments from anon, authenticated;
grant select (id, user_id, conversation_id, filename, media_type, size_bytes, created_at) on public.attachments
to authenticated;
grant all on public.attachments to service_role;
create policy "read own" on public.attachments for select to authenticated using (user_id = (select auth.uid()));

-- Keep files for a question that follows. Those whose question never came go after a day.
--   p_files: [{id, filename, media_type, data: base64}]
create function public.keep_attachments(p_user uuid, p_conversation text, p_files jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.attachments as a
  where a.user_id = p_user and a.created_at < now() - interval '1 day'
    and not exists (select from public.conversations as c where c.id = a.conversation_id and c.user_id = p_user);
  insert into public.attachments (id, user_id, conversation_id, filename, media_type, size_bytes, data)
  select (file ->> 'id')::uuid, p_user, p_conversation, left(file ->> 'filename', 255), file ->> 'media_type',
    octet_length(decode(file ->> 'data', 'base64')), decode(file ->> 'data', 'base64')
  from jsonb_array_elements(p_files) as file
  on conflict (id) do nothing;
end
$$;

-- Those of the files that are the person's, with their content as base64.
create function public.get_attachments(p_user uuid, p_ids uuid[])
returns table (id uuid, filename text, media_type text, data text)
language sql stable security definer set search_path = '' as $$
  select a.id, a.filename, a.media_type, replace(encode(a.data, 'base64'), chr(10), '')
  from public.attachments as a where a.user_id = p_user and a.id = any (p_ids)
$$;

revoke all on function
  public.keep_attachments(uuid, text, jsonb), public.get_attachments(uuid, uuid[])
from public, anon, authenticated;
grant execute on function
  public.keep_attachments(uuid, text, jsonb), public.get_attachments(uuid, uuid[])
to service_role;
