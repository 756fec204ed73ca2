// What the server is told by its environment, read once and frozen.

const required = {
  DATABASE_URL: 'the Postgres database that holds everything',
  SUPABASE_JWT_SECRET: 'the secret that signs access tokens',
  SUPABASE_PUBLISHABLE_KEY: 'the key that browsers send (sb_publishable_…)',
  SUPABASE_SERVICE_KEY: 'the key that services send (sb_secret_…)',
}

/**
 * @param {Record<string, string | undefined>} env
 * @throws {Error} naming the variable that is missing or malformed
 */
export function readSettings(env) {
  for (const [name, meaning] of Object.entries(required)) {
    if (!env[name]) throw new Error(`${name} is not set: ${meaning}`)
  }
  const siteUrl = env.SITE_URL || 'http://localhost:8080'
  return Object.freeze({
    port: whole('PORT', env.PORT, 0),
    databaseUrl: env.DATABASE_URL,
    connections: whole('DATABASE_CONNECTIONS', env.DATABASE_CONNECTIONS, 10),
    jwtSecret: env.SUPABASE_JWT_SECRET,
    publishableKey: env.SUPABASE_PUBLISHABLE_KEY,
    serviceKey: env.SUPABASE_SERVICE_KEY,
    siteUrl,
    issuer: `${siteUrl}/auth/v1`,
    signUp: env.ENABLE_SIGN_UP !== 'false',
    confirmEmail: env.CONFIRM_EMAIL === 'true',
    passwordCost: whole('PASSWORD_COST', env.PASSWORD_COST, 10),
    mailDirectory: env.MAIL_DIRECTORY || null,
    smtp: env.SMTP_HOST ? readSmtp(env) : null,
  })
}

function readSmtp(env) {
  if (!env.SMTP_FROM) throw new Error('SMTP_FROM is not set: SMTP_HOST needs the address that mails come from')
  return {
    host: env.SMTP_HOST,
    port: whole('SMTP_PORT', env.SMTP_PORT, 587),
    user: env.SMTP_USER || undefined,
    pass: env.SMTP_PASSWORD || undefined,
    from: env.SMTP_FROM,
  }
}

function whole(name, text, otherwise) {
  if (text === undefined || text === '') return otherwise
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`)
  return Number(text)
}
