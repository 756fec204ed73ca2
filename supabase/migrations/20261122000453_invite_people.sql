-- Invitations: a link that lets one person in, under one address, also where signing up is closed. Of the link only a
-- hash is here. It is used up in the same transaction that gives the person their role and groups.

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  email text not null check (email like '%_@_%' and length(email) <= 320),
  role text not null default 'member' check (role in ('admin', 'member')),
  group_ids uuid[] not null default '{}',
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  invited_by uuid references public.user_profiles (user_id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references public.user_profiles (user_id) on delete set null
);
create index invitations_by_time on public.invitations (created_at desc, id desc);

alter table public.invitations enable row level security;
revoke all on public.invitations from anon, authenticated;
grant select (id, email, role, group_ids, invited_by, created_at, expires_at, accepted_at, accepted_by)
  on public.invitations to authenticated;
grant all on public.invitations to service_role;
create policy "as admin" on public.invitations for select to authenticated
  using ((select roost.is_admin(auth.uid())));

--   p_invitation: {email, role, group_ids, token_hash, expires_at}
create function public.invite_person(p_user uuid, p_invitation jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_groups uuid[] := array(
    select distinct value::uuid from jsonb_array_elements_text(coalesce(p_invitation -> 'group_ids', '[]')));
  v_new public.invitations;
begin
  perform roost.require_admin(p_user);
  if exists (select from public.user_profiles where lower(email) = lower(p_invitation ->> 'email')) then
    perform roost.refuse(409, 'person-exists', 'There is an account with this address already.');
  elsif (p_invitation ->> 'expires_at')::timestamptz <= now() then
    perform roost.refuse(422, 'expiry-in-the-past', 'The invitation would have expired already. Choose a later time.');
  elsif exists (select from unnest(v_groups) as id where not exists (select from public.groups as g where g.id = id)) then
    perform roost.refuse(422, 'group-not-found', 'One of the groups is not there.');
  end if;
  -- Another invitation of the same address takes the place of the one before.
  delete from public.invitations where lower(email) = lower(p_invitation ->> 'email') and accepted_at is null;
  insert into public.invitations (email, role, group_ids, token_hash, invited_by, expires_at)
  values (lower(p_invitation ->> 'email'), p_invitation ->> 'role', v_groups, p_invitation ->> 'token_hash', p_user,
    (p_invitation ->> 'expires_at')::timestamptz)
  returning * into v_new;
  perform roost.audit(p_user, 'invitation.create', 'invitation', v_new.id::text, v_new.email, null,
    to_jsonb(v_new) - 'token_hash');
  return to_jsonb(v_new) - 'token_hash';
end
$$;

create function public.revoke_invitation(p_user uuid, p_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_old public.invitations;
begin
  perform roost.require_admin(p_user);
  delete from public.invitations where id = p_id and accepted_at is null returning * into v_old;
  if v_old.id is null then
    return false;
  end if;
  perform roost.audit(p_user, 'invitation.revoke', 'invitation', v_old.id::text, v_old.email,
    to_jsonb(v_old) - 'token_hash', null);
  return true;
end
$$;

-- The invitation that a link stands for, for whoever holds the link; null where it lets nobody in (any more).
create function public.find_invitation(p_token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', i.id, 'email', i.email, 'expires_at', i.expires_at,
    'invited_by', coalesce(nullif(p.display_name, ''), p.email))
  from public.invitations as i left join public.user_profiles as p on p.user_id = i.invited_by
  where i.token_hash = p_token_hash and i.accepted_at is null and i.expires_at > now()
$$;

-- Give the person who was just made the invitation's role and groups, and use it up. False: it was used or taken back
-- meanwhile.
create function public.accept_invitation(p_token_hash text, p_person uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_invitation public.invitations;
begin
  select * into v_invitation from public.invitations
  where token_hash = p_token_hash and accepted_at is null and expires_at > now() for update;
  if v_invitation.id is null
    or not exists (select from public.user_profiles where user_id = p_person and lower(email) = v_invitation.email) then
    return false;
  end if;
  update public.user_profiles set role = v_invitation.role where user_id = p_person;
  insert into public.group_members (group_id, user_id)
  select g.id, p_person from public.groups as g where g.id = any (v_invitation.group_ids) on conflict do nothing;
  update public.invitations set accepted_at = now(), accepted_by = p_person where id = v_invitation.id;
  perform roost.audit(p_person, 'invitation.accept', 'invitation', v_invitation.id::text, v_invitation.email, null,
    jsonb_build_object('role', v_invitation.role, 'group_ids', v_invitation.group_ids));
  return true;
end
$$;

revoke all on function
  public.invite_person(uuid, jsonb), public.revoke_invitation(uuid, uuid), public.find_invitation(text),
  public.accept_invitation(text, uuid)
from public, anon, authenticated;
grant execute on function
  public.invite_person(uuid, jsonb), public.revoke_invitation(uuid, uuid), public.find_invitation(text),
  public.accept_invitation(text, uuid)
to service_role;
