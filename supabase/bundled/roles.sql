-- What GoTrue and PostgREST expect of a database, over what supabase/embedded/bootstrap.sql makes. Run by the superuser
-- `supabase_admin` before it, at each start; safe to run again.

do $$
begin
  if not exists (select from pg_roles where rolname = 'supabase_auth_admin') then
    create role supabase_auth_admin login noinherit createrole;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticator') then create role authenticator login noinherit; end if;
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then
    create role service_role nologin noinherit bypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'postgres') then create role postgres; end if;
end $$;

-- PostgREST logs in as `authenticator` and becomes what the token names. Nobody waits longer than people do.
grant anon, authenticated, service_role to authenticator;
alter role authenticator set statement_timeout = '30s';
alter role authenticator set lock_timeout = '8s';
alter role anon set statement_timeout = '3s';

-- GoTrue makes its own tables, in its own schema. Roost's migrations refer to its users.
create schema if not exists auth authorization supabase_auth_admin;
alter role supabase_auth_admin set search_path = 'auth';
do $$
begin
  execute format('grant create on database %I to supabase_auth_admin', current_database());
end $$;
grant usage on schema auth to postgres;
alter default privileges for role supabase_auth_admin in schema auth grant all on tables to postgres with grant option;
alter default privileges for role supabase_auth_admin in schema auth grant all on sequences to postgres;
alter default privileges for role supabase_auth_admin in schema auth grant execute on functions to postgres;

-- As in Supabase's own image, this one table is there before GoTrue's first migration, which makes it otherwise.
create table if not exists auth.refresh_tokens (
  instance_id uuid,
  id bigserial primary key,
  token varchar(255),
  user_id varchar(255),
  revoked bool,
  created_at timestamptz,
  updated_at timestamptz
);
alter table auth.refresh_tokens owner to supabase_auth_admin;

-- The functions that policies call. GoTrue replaces them by its own, which do the same.
do $$
begin
  if to_regprocedure('auth.jwt()') is null then
    execute $f$
      create function auth.jwt() returns jsonb language sql stable as
        'select coalesce(nullif(current_setting(''request.jwt.claim'', true), ''''),
                         nullif(current_setting(''request.jwt.claims'', true), ''''))::jsonb'
    $f$;
    alter function auth.jwt() owner to supabase_auth_admin;
  end if;
  if to_regprocedure('auth.uid()') is null then
    execute $f$
      create function auth.uid() returns uuid language sql stable as
        'select coalesce(nullif(current_setting(''request.jwt.claim.sub'', true), ''''),
                         nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''sub'')::uuid'
    $f$;
    alter function auth.uid() owner to supabase_auth_admin;
  end if;
  if to_regprocedure('auth.role()') is null then
    execute $f$
      create function auth.role() returns text language sql stable as
        'select coalesce(nullif(current_setting(''request.jwt.claim.role'', true), ''''),
                         nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''role'')'
    $f$;
    alter function auth.role() owner to supabase_auth_admin;
  end if;
  if to_regprocedure('auth.email()') is null then
    execute $f$
      create function auth.email() returns text language sql stable as
        'select coalesce(nullif(current_setting(''request.jwt.claim.email'', true), ''''),
                         nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''email'')'
    $f$;
    alter function auth.email() owner to supabase_auth_admin;
  end if;
end $$;
