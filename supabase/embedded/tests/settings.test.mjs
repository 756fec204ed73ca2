import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerPreflight, isPreflight, withCors } from '../cors.mjs'
import { readSettings } from '../settings.mjs'
import { endOfBan } from '../users.mjs'

const needed = {
  DATABASE_URL: 'postgresql://x',
  SUPABASE_JWT_SECRET: 's',
  SUPABASE_PUBLISHABLE_KEY: 'p',
  SUPABASE_SERVICE_KEY: 'k',
}

test('a missing variable is named', () => {
  assert.throws(() => readSettings({ ...needed, SUPABASE_JWT_SECRET: '' }), /SUPABASE_JWT_SECRET is not set/)
  assert.throws(() => readSettings({ ...needed, PORT: 'http' }), /PORT must be a whole number/)
  assert.throws(() => readSettings({ ...needed, SMTP_HOST: 'mail' }), /SMTP_FROM is not set/)
})

test('mails go by SMTP when a host is set', () => {
  const { smtp } = readSettings({ ...needed, SMTP_HOST: 'mail', SMTP_FROM: 'roost@example.com' })
  assert.deepEqual(smtp, { host: 'mail', port: 587, user: undefined, pass: undefined, from: 'roost@example.com' })
  assert.equal(readSettings(needed).smtp, null)
})

test('bans end when they say', () => {
  const now = Date.parse('2026-01-02T00:00:00Z')
  assert.equal(endOfBan('1h30m', now), '2026-01-02T01:30:00.000Z')
  assert.equal(endOfBan('none'), null)
  assert.throws(() => endOfBan('a while'), RangeError)
})

test('a page from elsewhere may ask /auth/v1', () => {
  const request = new Request('http://x/auth/v1/token', {
    method: 'OPTIONS',
    headers: {
      origin: 'http://localhost:5173',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'apikey',
    },
  })
  assert.ok(isPreflight(request, new URL(request.url)))
  const headers = answerPreflight(request).headers
  assert.equal(headers.get('access-control-allow-origin'), '*')
  assert.equal(headers.get('access-control-allow-headers'), 'apikey')

  const plain = new Response('{}')
  assert.equal(withCors(new Request('http://x/auth/v1/health'), plain), plain)
})
