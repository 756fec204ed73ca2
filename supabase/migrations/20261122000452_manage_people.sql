-- People and groups as admins keep them. There is always an admin: the last one is neither demoted, nor deactivated, nor
-- deleted while there is anybody else.

-- Who asked that an account be deleted: whoever deletes the row in auth.users cannot say it.
alter table public.user_profiles add column deletion_asked_by uuid;
create index user_profiles_by_email on public.user_profiles (lower(email), user_id);

-- A deactivated person's access token lives for up to an hour. Until then it opens nothing of theirs either.
create function roost.is_active(p_user uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.user_profiles where user_id = p_user and status = 'active')
$$;
revoke all on function roost.is_active(uuid) from public;
grant execute on function roost.is_active(uuid) to authenticated, service_role;

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'conversations', 'messages', 'runs', 'run_steps', 'memories', 'attachments', 'api_keys', 'feedback',
    'shared_conversations', 'groups', 'group_members'
  ] loop
    execute format(
      'create policy "only the active" on public.%I as restrictive for all to authenticated '
      'using ((select roost.is_active(auth.uid())))', v_table);
  end loop;
end $$;

create function roost.require_admin(p_user uuid) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if not roost.is_admin(p_user) then
    perform roost.refuse(403, 'admins-only', 'This is for admins.');
  end if;
end
$$;

-- Refuse where p_person is the last admin who could let others in. One at a time: two admins cannot demote each other.
-- Whose deletion has begun counts no more, since it ends in another transaction.
create function roost.keep_an_admin(p_person uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('roost.create_profile'));
  if roost.is_admin(p_person) and not exists (
    select from public.user_profiles where role = 'admin' and status = 'active' and user_id <> p_person and deletion_asked_by is null
  ) then
    perform roost.refuse(409, 'last-admin', 'This is the only admin. Make somebody else an admin first.');
  end if;
end
$$;

--   p_changes: any of role, status; what is left out stays
create function public.change_person(p_user uuid, p_person uuid, p_changes jsonb) returns public.user_profiles
language plpgsql security definer set search_path = '' as $$
declare
  v_old public.user_profiles;
  v_new public.user_profiles;
begin
  perform roost.require_admin(p_user);
  select * into v_old from public.user_profiles where user_id = p_person for update;
  if v_old.user_id is null then
    perform roost.refuse(404, 'person-not-found', 'There is no such person.');
  end if;
  if p_changes ->> 'role' = 'member' or p_changes ->> 'status' = 'suspended' then
    perform roost.keep_an_admin(p_person);
  end if;
  update public.user_profiles set
    role = coalesce(p_changes ->> 'role', role), status = coalesce(p_changes ->> 'status', status)
  where user_id = p_person returning * into v_new;
  if v_new is distinct from v_old then
    perform roost.audit(p_user, 'person.change', 'person', p_person::text, v_new.email, to_jsonb(v_old), to_jsonb(v_new));
  end if;
  return v_new;
end
$$;

-- People by address, with their groups, for admins.
--   p_after: the {email, user_id} of the last one of the page before
create function public.list_people(p_query text, p_limit integer, p_after jsonb) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select coalesce(jsonb_agg(to_jsonb(person) order by lower(person.email), person.user_id), '[]')
  from (
    select p.user_id, p.email, p.display_name, p.role, p.status, p.created_at,
      (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by g.name), '[]')
        from public.group_members as m join public.groups as g on g.id = m.group_id where m.user_id = p.user_id) as groups,
      (select max(r.created_at) from public.runs as r where r.user_id = p.user_id) as last_run_at
    from public.user_profiles as p
    where (p_query = '' or strpos(lower(p.email || ' ' || p.display_name), lower(p_query)) > 0)
      and (p_after is null or (lower(p.email), p.user_id) > (p_after ->> 'email', (p_after ->> 'user_id')::uuid))
    order by lower(p.email), p.user_id limit p_limit
  ) as person
$$;

-- Groups by name, with their members' number as far as the reader sees them.
create function public.list_groups() returns jsonb
language sql stable security invoker set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'created_at', g.created_at,
    'members', (select count(*) from public.group_members as m where m.group_id = g.id)) order by lower(g.name)), '[]')
  from public.groups as g
$$;

create function roost.group_to_change(p_user uuid, p_group uuid) returns public.groups
language plpgsql security definer set search_path = '' as $$
declare
  v_group public.groups;
begin
  perform roost.require_admin(p_user);
  select * into v_group from public.groups where id = p_group for update;
  if v_group.id is null then
    perform roost.refuse(404, 'group-not-found', 'There is no such group.');
  end if;
  return v_group;
end
$$;

-- Make a group, or with p_group give it another name.
create function public.save_group(p_user uuid, p_group uuid, p_name text) returns public.groups
language plpgsql security definer set search_path = '' as $$
declare
  v_old public.groups;
  v_new public.groups;
begin
  perform roost.require_admin(p_user);
  if p_group is not null then
    v_old := roost.group_to_change(p_user, p_group);
  end if;
  -- Grants of Google Drive name groups without heed of case.
  if exists (select from public.groups where lower(name) = lower(p_name) and id is distinct from p_group) then
    perform roost.refuse(409, 'group-exists', 'There is a group of that name already. Choose another one.');
  end if;
  if p_group is null then
    insert into public.groups (name) values (p_name) returning * into v_new;
  else
    update public.groups set name = p_name where id = p_group returning * into v_new;
  end if;
  perform roost.audit(p_user, case when p_group is null then 'group.create' else 'group.change' end,
    'group', v_new.id::text, v_new.name, case when p_group is not null then to_jsonb(v_old) end, to_jsonb(v_new));
  return v_new;
end
$$;

-- With a group go its budgets, and what was open to it alone is open to nobody but admins.
create function public.delete_group(p_user uuid, p_group uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_group public.groups := roost.group_to_change(p_user, p_group);
begin
  perform roost.audit(p_user, 'group.delete', 'group', v_group.id::text, v_group.name,
    to_jsonb(v_group) || jsonb_build_object('members', (
      select coalesce(jsonb_agg(user_id), '[]') from public.group_members where group_id = p_group)), null);
  delete from public.budgets where scope = 'group' and scope_id = p_group;
  update public.agents set readers = array_remove(readers, p_group)
  where p_group = any (readers) and cardinality(readers) > 1;
  delete from public.groups where id = p_group;
end
$$;

create function public.change_group_members(p_user uuid, p_group uuid, p_add uuid[], p_remove uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_group public.groups := roost.group_to_change(p_user, p_group);
begin
  if exists (select from unnest(p_add) as id where not exists (
    select from public.user_profiles where user_id = id)) then
    perform roost.refuse(422, 'person-not-found', 'One of those to be added is not there.');
  end if;
  delete from public.group_members where group_id = p_group and user_id = any (p_remove);
  insert into public.group_members (group_id, user_id) select distinct p_group, id from unnest(p_add) as id
  on conflict do nothing;
  perform roost.audit(p_user, 'group.members', 'group', v_group.id::text, v_group.name,
    jsonb_build_object('removed', to_jsonb(p_remove)), jsonb_build_object('added', to_jsonb(p_add)));
end
$$;

-- What goes with an account, and word of who asked. Refuses where it may not go.
create function public.ask_for_deletion(p_user uuid, p_person uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_person public.user_profiles;
begin
  if p_user <> p_person then
    perform roost.require_admin(p_user);
  end if;
  select * into v_person from public.user_profiles where user_id = p_person for update;
  if v_person.user_id is null then
    perform roost.refuse(404, 'person-not-found', 'There is no such person.');
  end if;
  perform roost.keep_an_admin(p_person);
  update public.user_profiles set deletion_asked_by = p_user where user_id = p_person;
  return jsonb_build_object(
    'user_id', p_person, 'email', v_person.email,
    'conversations', (select count(*) from public.conversations where user_id = p_person),
    'messages', (select count(*) from public.messages as m
      join public.conversations as c on c.id = m.conversation_id where c.user_id = p_person),
    'attachments', (select count(*) from public.attachments where user_id = p_person),
    'memories', (select count(*) from public.memories where user_id = p_person),
    'api_keys', (select count(*) from public.api_keys where user_id = p_person),
    'links', (select count(*) from public.shared_conversations where user_id = p_person),
    'agents', (select count(*) from public.agents where created_by = p_person and readers = array[p_person]),
    'uploads', (select coalesce(jsonb_agg(jsonb_build_object(
        'external_id', f.external_id, 'document_id', d.id, 'title', coalesce(d.title, f.title, f.path))), '[]')
      from public.file_ledger as f join public.sources as s on s.id = f.source_id and s.kind = 'upload'
      left join public.documents as d on d.source_id = f.source_id and d.external_id = f.external_id
      where f.owner_id = p_person and f.visibility = 'restricted' and f.state <> 'deleted'));
end
$$;

-- Whichever way an account goes (here, in Supabase's own pages): what no reference takes along.
create function roost.forget_person() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform roost.audit(old.deletion_asked_by, 'person.delete', 'person', old.user_id::text, old.email,
    to_jsonb(old) - 'deletion_asked_by', null);
  delete from public.agents where created_by = old.user_id and readers = array[old.user_id];
  update public.agents set readers = array_remove(readers, old.user_id)
  where old.user_id = any (readers) and cardinality(readers) > 1;
  delete from public.budgets where scope = 'person' and scope_id = old.user_id;
  delete from public.source_grants where principal_id = old.user_id;
  return old;
end
$$;
create trigger forget_person before delete on public.user_profiles
  for each row execute function roost.forget_person();

revoke all on function
  roost.require_admin(uuid), roost.keep_an_admin(uuid), roost.group_to_change(uuid, uuid), roost.forget_person(),
  public.change_person(uuid, uuid, jsonb), public.list_people(text, integer, jsonb), public.list_groups(),
  public.save_group(uuid, uuid, text), public.delete_group(uuid, uuid),
  public.change_group_members(uuid, uuid, uuid[], uuid[]), public.ask_for_deletion(uuid, uuid)
from public, anon, authenticated;
grant execute on function public.list_people(text, integer, jsonb), public.list_groups() to authenticated;
grant execute on function
  public.change_person(uuid, uuid, jsonb), public.save_group(uuid, uuid, text), public.delete_group(uuid, uuid),
  public.change_group_members(uuid, uuid, uuid[], uuid[]), public.ask_for_deletion(uuid, uuid)
to service_role;
