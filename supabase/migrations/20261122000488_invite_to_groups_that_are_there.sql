-- As before; a group that is not there is refused, which the former condition took for a group that is.
create or replace function public.invite_person(p_user uuid, p_invitation jsonb) returns jsonb
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
  elsif exists (
    select from unnest(v_groups) as wanted (id) where not exists (select from public.groups as g where g.id = wanted.id)
  ) then
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

-- As before, and true again for the person who has accepted it: whoever missed the answer may ask again.
create or replace function public.accept_invitation(p_token_hash text, p_person uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_invitation public.invitations;
begin
  if exists (select from public.invitations where token_hash = p_token_hash and accepted_by = p_person) then
    return true;
  end if;
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
