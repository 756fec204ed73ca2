// The connection that @supabase/lite works on, and a small one of our own.
import { createPostgresConnection } from '@supabase/lite/postgres'
import postgres from 'postgres'
import { postgresTypes } from './values.mjs'

// A Postgres that was restarted is found again within a tenth of a second, not after growing pauses.
const ways = { onnotice: () => {}, backoff: 0.1 }

/** A few connections for what lite has no words for: admin users, notifications. */
export function openOwnConnection(settings) {
  return postgres(settings.databaseUrl, { ...ways, max: 3 })
}

export async function openLiteConnection(settings, sql) {
  const vectorTypes = await sql`
    select typname as name, oid::int from pg_type where typname in ('vector', 'halfvec', 'sparsevec')`
  const connection = createPostgresConnection({
    url: settings.databaseUrl,
    postgresOptions: { ...ways, max: settings.connections, types: postgresTypes(vectorTypes) },
  })
  // Left in its first state, lite grants the API roles everything on every schema with row-level security at the
  // first request, undoing what the migrations revoked. bootstrap.sql has already made roles and grants.
  connection.rlsState = 'active'
  return connection
}

/**
 * Lite remembers the tables it once saw. bootstrap.sql has an event trigger which tells of every change, and
 * PostgREST's own `NOTIFY pgrst` works as it does there.
 */
export async function reloadOnSchemaChange(connection, sql) {
  const forget = () => connection.clearSchemaCache()
  await sql.listen('pgrst', forget, forget) // also after a lost connection: what was told meanwhile is not known
}

/**
 * The claims as hosted Supabase reads them: from the one JSON setting too, which is all that PostgREST sets. Lite's
 * functions know only its own settings.
 */
export async function completeClaimFunctions(sql) {
  for (const [name, type, claim] of [
    ['uid', 'uuid', 'sub'],
    ['role', 'text', 'role'],
    ['email', 'text', 'email'],
  ]) {
    await sql.unsafe(`
      create or replace function auth.${name}() returns ${type} language sql stable as $$
        select coalesce(
          nullif(current_setting('request.jwt.claim.${claim}', true), ''),
          nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> '${claim}'
        )::${type}
      $$`)
  }
  await sql.unsafe('grant usage on schema auth to anon, authenticated, service_role')
}
