-- What a hosted Supabase database has before the first migration runs: roles, schemas, extensions, grants.
-- Run by the superuser `supabase_admin` at each start; safe to run again. As over there, `postgres`, the role of
-- migrations and of DATABASE_URL, is no superuser.

do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin noinherit bypassrls; end if;
  if not exists (select from pg_roles where rolname = 'postgres') then create role postgres; end if;
end $$;
alter role postgres login createdb createrole bypassrls replication;
alter role postgres set search_path = "$user", public, extensions;
grant anon, authenticated, service_role to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;

do $$
begin
  execute format('grant all on database %I to postgres', current_database());
end $$;
alter schema public owner to postgres;

create schema if not exists extensions;
grant usage, create on schema extensions to postgres;
create extension if not exists vector with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists pg_stat_statements with schema extensions;

-- What the services call functions as, once whoever starts Postgres has let it log in. A migration makes it where Postgres is
-- not our own; here it must be there after a restore too, which brings migrations and no roles.
do $$ begin
  if not exists (select from pg_roles where rolname = 'roost_service') then create role roost_service nologin noinherit; end if;
end $$;
grant service_role to roost_service;
alter role roost_service set role = 'service_role';
alter role roost_service set search_path = public, extensions;
alter role roost_service set statement_timeout = 0;
alter role roost_service set client_connection_check_interval = '10s';

create schema if not exists auth authorization postgres;

grant usage on schema public, extensions, auth to anon, authenticated, service_role;
grant execute on all functions in schema extensions to anon, authenticated, service_role;

-- Over there, what `postgres` makes in `public` is open to the API roles and row-level security decides. Migrations
-- that want less revoke it, here as there.
alter default privileges for role postgres in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant execute on functions to anon, authenticated, service_role;

-- The REST server remembers the schema; tell it of every change.
create or replace function extensions.tell_of_schema_change() returns event_trigger language plpgsql as $$
begin
  notify pgrst, 'reload schema';
end $$;
do $$
begin
  if not exists (select from pg_event_trigger where evtname = 'tell_of_ddl') then
    create event trigger tell_of_ddl on ddl_command_end
      when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE', 'CREATE VIEW', 'ALTER VIEW',
                   'CREATE MATERIALIZED VIEW', 'ALTER MATERIALIZED VIEW', 'CREATE FUNCTION', 'ALTER FUNCTION',
                   'CREATE TYPE', 'ALTER TYPE', 'CREATE RULE', 'COMMENT')
      execute function extensions.tell_of_schema_change();
    create event trigger tell_of_drop on sql_drop execute function extensions.tell_of_schema_change();
  end if;
end $$;
