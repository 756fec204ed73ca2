import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, jwtVerify, SignJWT } from 'jose'
import { completer, completeSession, givesSession } from '../tokens.mjs'

const jwtSecret = 'a secret of these tests, long enough for HS256'
const key = new TextEncoder().encode(jwtSecret)
const complete = completer({ jwtSecret, issuer: 'http://localhost:8080/auth/v1' })
const user = { id: 'u', app_metadata: { provider: 'email' }, user_metadata: { name: 'Ada' } }
const users = { isBanned: async () => false, find: async () => user, endSession: async () => {} }

const short = () =>
  new SignJWT({ sub: 'u', role: 'authenticated', session_id: 's' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key)

test('the token in an answer is complete, and signed by the same secret', async () => {
  const url = new URL('http://x/auth/v1/token?grant_type=refresh_token')
  const answer = Response.json({ access_token: await short(), user })

  const { access_token: token } = await (await completeSession(answer, url, { complete, users })).json()

  const { payload } = await jwtVerify(token, key)
  assert.equal(payload.iss, 'http://localhost:8080/auth/v1')
  assert.equal(payload.sub, 'u')
  assert.deepEqual(payload.user_metadata, { name: 'Ada' })
  assert.equal(payload.amr[0].method, 'token_refresh')
})

test('the token in a redirect is complete', async () => {
  const headers = { location: `http://x/reset#access_token=${await short()}&type=recovery` }
  const url = new URL('http://x/auth/v1/verify?token=t')

  const answer = await completeSession(new Response(null, { status: 303, headers }), url, { complete, users })

  const fragment = new URLSearchParams(answer.headers.get('location').split('#')[1])
  assert.equal(fragment.get('type'), 'recovery')
  assert.deepEqual(decodeJwt(fragment.get('access_token')).app_metadata, { provider: 'email' })
})

test('a banned person gets no token and keeps no session', async () => {
  const ended = []
  const banned = { ...users, isBanned: async () => true, endSession: async (id) => ended.push(id) }
  const answer = Response.json({ access_token: await short(), user })

  const refused = await completeSession(answer, new URL('http://x/auth/v1/token'), { complete, users: banned })

  assert.equal(refused.status, 400)
  assert.equal((await refused.json()).error_code, 'user_banned')
  assert.deepEqual(ended, ['s'])
})

test('refusals and redirects without a token pass as they are', async () => {
  const url = new URL('http://x/auth/v1/verify')
  const refusal = Response.json({ error_code: 'invalid_credentials' }, { status: 400 })
  const redirect = new Response(null, { status: 303, headers: { location: 'http://x/#error=access_denied' } })

  assert.equal(await completeSession(refusal, url, { complete, users }), refusal)
  assert.equal(await completeSession(redirect, url, { complete, users }), redirect)
  assert.equal(givesSession(new URL('http://x/auth/v1/user')), false)
})
