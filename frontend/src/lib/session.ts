import { AuthClient } from '@supabase/supabase-js'
import type { Config } from './config'

/** Where supabase-js keeps the session in this browser. */
const STORAGE_KEY = 'roost-session'

/**
 * The log-in half of supabase-js. The rest of that library (tables, realtime, storage)
 * stays out of the bundle: the web app reads and writes through the agent API alone.
 *
 * The implicit flow lets a recovery link be opened on another device than the one that asked for it.
 */
export function createAuth(config: Config): Auth {
  const base = new URL(config.supabaseUrl || '/', window.location.origin).href.replace(/\/$/, '')
  return new AuthClient({
    url: `${base}/auth/v1`,
    headers: { apikey: config.supabaseKey },
    storageKey: STORAGE_KEY,
    autoRefreshToken: true,
    persistSession: true,
    detectSessionInUrl: true,
    flowType: 'implicit',
  })
}

export type { Session } from '@supabase/supabase-js'

/** The log-in client; the library exports it as a value only. */
export type Auth = InstanceType<typeof AuthClient>
