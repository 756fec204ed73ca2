-- What the database is, for the administrators' system page: versions, size, and the last migration that it has.
create function public.database_details() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_migration text;
begin
  -- Where somebody migrates by other means, there is no such table.
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    execute 'select max(version) from supabase_migrations.schema_migrations' into v_migration;
  end if;
  return jsonb_build_object(
    'postgres', split_part(current_setting('server_version'), ' ', 1),
    'pgvector', (select extversion from pg_catalog.pg_extension where extname = 'vector'),
    'migration', v_migration,
    'bytes', pg_catalog.pg_database_size(current_database()));
end
$$;
revoke all on function public.database_details() from public, anon, authenticated;
grant execute on function public.database_details() to service_role;
