// Supabase for one machine: @supabase/lite on an ordinary Postgres, with what it lacks put right in the files beside
// this one. Wiring only. `node server.mjs` serves; `node server.mjs prepare` makes the auth schema and ends.
import { serve } from '@hono/node-server'
import { App } from '@supabase/lite'
import { adminApi, isAdminPath } from './admin.mjs'
import { answerPreflight, isPreflight, withCors } from './cors.mjs'
import { completeClaimFunctions, openLiteConnection, openOwnConnection, reloadOnSchemaChange } from './database.mjs'
import { letErrorsCarryTheirFields, revealDatabaseError } from './errors.mjs'
import { mailDriver } from './mail.mjs'
import { withRedirect } from './redirects.mjs'
import { readSettings } from './settings.mjs'
import { completer, completeSession, givesSession } from './tokens.mjs'
import { Users } from './users.mjs'

process.env.LITE_TELEMETRY = '0'
process.env.DO_NOT_TRACK = '1'

const settings = readSettings(process.env)
letErrorsCarryTheirFields()
const sql = openOwnConnection(settings)
const connection = await openLiteConnection(settings, sql)
const app = new App({
  connection,
  api: { schemas: ['public'], max_rows: 1000 },
  auth: {
    enabled: true,
    site_url: settings.siteUrl,
    additional_redirect_urls: [`${settings.siteUrl}/**`],
    jwt_secret: settings.jwtSecret,
    jwt_expiry: 3600,
    publishable_key: settings.publishableKey,
    secret_key: settings.serviceKey,
    enable_signup: settings.signUp,
    email: {
      enable_signup: settings.signUp,
      enable_confirmations: settings.confirmEmail,
      // With it, this server takes the confirmation of the old mailbox for that of the new one.
      double_confirm_changes: false,
    },
  },
  storage: { enabled: false },
  options: { server: { admin: false }, drivers: { email: mailDriver(settings) } },
})
await app.init()
await app.ensureSystemSchema()
await completeClaimFunctions(sql)

if (process.argv[2] === 'prepare') {
  await close()
} else {
  await reloadOnSchemaChange(connection, sql)
  listen()
}

function listen() {
  const users = new Users(sql, settings)
  const admin = adminApi(users, settings)
  const session = { complete: completer(settings), users }

  async function answer(request, peerAddress) {
    const url = new URL(request.url)
    if (isAdminPath(url)) return withCors(request, await admin(request, url))
    if (isPreflight(request, url)) return answerPreflight(request)
    const response = await withRedirect(request, url, () => app.fetch(request, { peerAddress }))
    if (url.pathname.startsWith('/rest/v1')) return revealDatabaseError(response)
    return withCors(request, givesSession(url) ? await completeSession(response, url, session) : response)
  }

  const server = serve(
    {
      port: settings.port,
      hostname: '127.0.0.1',
      fetch: (request, { incoming }) => answer(request, incoming.socket.remoteAddress ?? null),
    },
    ({ port }) => console.info(`supabase is listening on 127.0.0.1:${port}`),
  )
  // Longer than any client keeps an idle connection: closed from here at the moment it is used again, it loses a request.
  server.keepAliveTimeout = 75_000
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      server.close()
      server.closeAllConnections()
      close()
    })
  }
}

async function close() {
  await connection.close()
  await sql.end({ timeout: 1 })
  process.exit(0)
}
