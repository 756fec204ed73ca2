-- People, their groups, and the two questions that every policy asks: is this an admin, and who is this?
-- Schema `public` is what the REST API shows; schema `roost` holds what it must not.

create schema if not exists roost;
revoke all on schema roost from public;
grant usage on schema roost to anon, authenticated, service_role;

create table public.user_profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  email text not null default '',
  display_name text not null default '' check (length(display_name) <= 200),
  role text not null default 'member' check (role in ('admin', 'member')),
  status text not null default 'active' check (status in ('active', 'suspended')),
  created_at timestamptz not null default now()
);

create table public.groups (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);

create table public.group_members (
  group_id uuid not null references public.groups (id) on delete cascade,
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  primary key (group_id, user_id)
);
create index group_members_of_user on public.group_members (user_id);

-- A definer function, so that policies on user_profiles itself can ask without recursing.
create function roost.is_admin(p_user uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.user_profiles
    where user_id = p_user and role = 'admin' and status = 'active'
  )
$$;

-- Everyone who is logged in, the person, and the person's groups: what a document's `readers` is compared with.
-- A suspended or unknown person is nobody.
create function roost.principals(p_user uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array['00000000-0000-0000-0000-000000000001'::uuid, profile.user_id]
    || array(select member.group_id from public.group_members as member where member.user_id = profile.user_id)
  from public.user_profiles as profile
  where profile.user_id = p_user and profile.status = 'active'
$$;

revoke all on function roost.is_admin(uuid), roost.principals(uuid) from public;
grant execute on function roost.is_admin(uuid), roost.principals(uuid) to authenticated, service_role;

-- The first person to sign up becomes the admin. The lock makes two who sign up at once queue for it.
create function roost.create_profile() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('roost.create_profile'));
  insert into public.user_profiles (user_id, email, display_name, role)
  values (
    new.id,
    coalesce(new.email, ''),
    left(coalesce(new.raw_user_meta_data ->> 'display_name', ''), 200),
    case when exists (select from public.user_profiles where role = 'admin') then 'member' else 'admin' end
  )
  on conflict (user_id) do nothing;
  return new;
end
$$;

create function roost.follow_email() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.user_profiles set email = coalesce(new.email, '') where user_id = new.id;
  return new;
end
$$;
revoke all on function roost.create_profile(), roost.follow_email() from public;

create trigger create_profile after insert on auth.users
  for each row execute function roost.create_profile();
create trigger follow_email after update of email on auth.users
  for each row execute function roost.follow_email();

-- People who were there before Roost was installed on an existing Supabase: the eldest becomes the admin.
insert into public.user_profiles (user_id, email, role)
select id, coalesce(email, ''), case when row_number() over (order by created_at, id) = 1 then 'admin' else 'member' end
from auth.users;

alter table public.user_profiles enable row level security;
alter table public.groups enable row level security;
alter table public.group_members enable row level security;

-- Start from nothing: Supabase grants everything on a new table to its API roles.
revoke all on public.user_profiles, public.groups, public.group_members from anon, authenticated;
grant select on public.user_profiles, public.groups, public.group_members to authenticated;
grant update (display_name) on public.user_profiles to authenticated;
grant all on public.user_profiles, public.groups, public.group_members to service_role;

create policy "own profile, or any as admin" on public.user_profiles for select to authenticated
  using (user_id = (select auth.uid()) or (select roost.is_admin(auth.uid())));
create policy "rename oneself" on public.user_profiles for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "own groups, or any as admin" on public.groups for select to authenticated
  using (id = any ((select roost.principals(auth.uid()))::uuid[]) or (select roost.is_admin(auth.uid())));
create policy "own memberships, or any as admin" on public.group_members for select to authenticated
  using (user_id = (select auth.uid()) or (select roost.is_admin(auth.uid())));
