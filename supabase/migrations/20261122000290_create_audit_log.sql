-- Who changed what, when, from what, to what. Append-only: not even the service can change or remove a line. A change
-- and its line are one transaction, since the functions that change things call roost.audit themselves.

create table public.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- No reference: a line outlives the person and the thing it tells of.
  actor_id uuid,
  actor_email text not null default '',
  action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
  subject_kind text not null,
  subject_id text not null,
  subject_name text not null default '',
  -- Only what differs; null where there was, or is, nothing.
  before jsonb,
  after jsonb
);
create index audit_log_of_subject on public.audit_log (subject_kind, subject_id, id desc);
create index audit_log_of_actor on public.audit_log (actor_id, id desc);
create index audit_log_of_action on public.audit_log (action, id desc);

create function roost.keep_audit_log() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform roost.refuse(403, 'audit-log-append-only', 'The audit log can only be added to.');
  return null;
end
$$;
create trigger keep_audit_log before update or delete on public.audit_log
  for each row execute function roost.keep_audit_log();
create trigger keep_all_audit_log before truncate on public.audit_log
  for each statement execute function roost.keep_audit_log();

-- A value without what must not be read again: whatever stands under a name of a secret becomes "…", at any depth.
create function roost.without_secrets(p_value jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return case jsonb_typeof(p_value)
    when 'object' then (
      select coalesce(jsonb_object_agg(item.key, case
        when item.key ~* '(^|[_-])(api_?key|key|secret|token|password|passphrase|authorization|cookie|credentials?|headers)$'
        then '"…"'::jsonb else roost.without_secrets(item.value) end), '{}')
      from jsonb_each(p_value) as item)
    when 'array' then (
      select coalesce(jsonb_agg(roost.without_secrets(item.value) order by item.ordinality), '[]')
      from jsonb_array_elements(p_value) with ordinality as item)
    else p_value
  end;
end
$$;

-- Add a line to the audit log; to be called in the transaction of the change that it tells of.
--   p_action: 'agent.deploy'; p_kind, p_id, p_name: the thing that was changed
--   p_before, p_after: the thing as a whole before and after; what is the same in both is left out
create function roost.audit(
  p_actor uuid, p_action text, p_kind text, p_id text, p_name text, p_before jsonb default null, p_after jsonb default null
) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before jsonb := roost.without_secrets(p_before);
  v_after jsonb := roost.without_secrets(p_after);
begin
  if jsonb_typeof(v_before) = 'object' and jsonb_typeof(v_after) = 'object' then
    select coalesce(jsonb_object_agg(key, value) filter (where value is distinct from v_after -> key), '{}')
      into v_before from jsonb_each(v_before);
    select coalesce(jsonb_object_agg(key, value)
        filter (where value is distinct from roost.without_secrets(p_before) -> key), '{}')
      into v_after from jsonb_each(v_after);
  end if;
  insert into public.audit_log (actor_id, actor_email, action, subject_kind, subject_id, subject_name, before, after)
  values (
    p_actor, coalesce((select email from public.user_profiles where user_id = p_actor), ''),
    p_action, p_kind, p_id, left(coalesce(p_name, ''), 300), v_before, v_after);
end
$$;
revoke all on function roost.audit(uuid, text, text, text, text, jsonb, jsonb) from public;
grant execute on function roost.audit(uuid, text, text, text, text, jsonb, jsonb) to service_role;

alter table public.audit_log enable row level security;
revoke all on public.audit_log from anon, authenticated, service_role;
grant select on public.audit_log to authenticated, service_role;
create policy "read as admin" on public.audit_log for select to authenticated
  using ((select roost.is_admin(auth.uid())));
