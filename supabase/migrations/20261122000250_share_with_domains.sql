-- Google Drive shares with a whole domain at once. A domain is a principal as a group is, but nobody keeps its members:
-- they are the people whose confirmed address ends with it.

alter table public.document_grants drop constraint if exists document_grants_kind_check;
alter table public.document_grants add constraint document_grants_kind_check
  check (kind in ('user', 'group', 'domain'));

-- Made from the name, so that a grant and a person meet without a table between them.
create or replace function roost.domain_principal(p_domain text) returns uuid
language sql immutable set search_path = '' as $$
  select md5('domain ' || lower(p_domain))::uuid
$$;

create or replace function roost.principals(p_user uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array['00000000-0000-0000-0000-000000000001'::uuid, profile.user_id]
    || array(select member.group_id from public.group_members as member where member.user_id = profile.user_id)
    -- Only a confirmed address counts: anybody can sign up under any address.
    || array(
      select roost.domain_principal(substring(account.email from '@([^@]+)$')) from auth.users as account
      where account.id = profile.user_id and account.email_confirmed_at is not null and account.email like '%_@_%')
  from public.user_profiles as profile
  where profile.user_id = p_user and profile.status = 'active'
$$;

create or replace function roost.principal_named(p_kind text, p_name text) returns uuid
language sql stable security definer set search_path = '' as $$
  select case p_kind
    when 'user' then (
      select profile.user_id from public.user_profiles as profile
      join auth.users as account on account.id = profile.user_id
      where lower(account.email) = lower(p_name) and account.email_confirmed_at is not null limit 1)
    when 'domain' then roost.domain_principal(p_name)
    else (select team.id from public.groups as team where lower(team.name) = lower(p_name) limit 1)
  end
$$;

revoke all on function roost.domain_principal(text) from public;
