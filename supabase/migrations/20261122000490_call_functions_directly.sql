-- The services may call SQL functions straight in Postgres instead of over the REST API (SERVICE_DATABASE_URL). The role that
-- they log in as for that has no right of its own: it becomes service_role as it logs in. It cannot log in until it is
-- given a password. (supabase/embedded/bootstrap.sql has made it already where Postgres is our own.)

do $$
begin
  if not exists (select from pg_roles where rolname = 'roost_service') then
    create role roost_service nologin noinherit;
    grant service_role to roost_service;
    alter role roost_service set role = 'service_role';
    -- As PostgREST has it for each request.
    alter role roost_service set search_path = public, extensions;
    -- A call is cancelled by the service that has made it, which knows how long it may take; should that be dead, by
    -- Postgres.
    alter role roost_service set statement_timeout = 0;
    alter role roost_service set client_connection_check_interval = '10s';
  end if;
exception when insufficient_privilege then
  raise warning 'The role roost_service could not be made (%). Without it the services call functions over the REST API.', sqlerrm;
end $$;
