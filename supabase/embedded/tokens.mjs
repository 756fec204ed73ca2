// Access tokens with all the claims that GoTrue's have. Lite signs a shorter set; we sign again with the same secret.
import { decodeJwt, SignJWT } from 'jose'

const sessionPaths = new Set(['/auth/v1/signup', '/auth/v1/token', '/auth/v1/verify', '/auth/v1/callback'])

export function givesSession(url) {
  return sessionPaths.has(url.pathname)
}

/** @returns {(token: string, user: object, method: string) => Promise<string>} */
export function completer({ jwtSecret, issuer }) {
  const key = new TextEncoder().encode(jwtSecret)
  return (token, user, method) => {
    const claims = decodeJwt(token)
    return new SignJWT({
      iss: issuer,
      ...claims,
      phone: user.phone ?? '',
      app_metadata: user.app_metadata ?? {},
      user_metadata: user.user_metadata ?? {},
      aal: 'aal1',
      amr: [{ method, timestamp: claims.iat }],
      is_anonymous: false,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(key)
  }
}

/**
 * Completes the token in a JSON body, or in the fragment of a redirect from a mailed link. A banned person gets none,
 * which lite looks at for GitHub and Google only.
 */
export async function completeSession(response, url, { complete, users }) {
  const location = response.headers.get('location')
  if (location) return completeRedirect(response, location, { complete, users })
  if (!response.ok || !/json/.test(response.headers.get('content-type') ?? '')) return response
  const body = await response.json()
  if (body?.access_token) {
    if (await users.isBanned(body.user?.id)) {
      await users.endSession(decodeJwt(body.access_token).session_id)
      return Response.json({ code: 400, error_code: 'user_banned', msg: 'User is banned' }, { status: 400 })
    }
    body.access_token = await complete(body.access_token, body.user ?? {}, methodOf(url))
  }
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(JSON.stringify(body), { status: response.status, headers })
}

async function completeRedirect(response, location, { complete, users }) {
  const [target, fragment] = location.split('#')
  const values = new URLSearchParams(fragment ?? '')
  const token = values.get('access_token')
  if (!token) return response
  const user = await users.find(decodeJwt(token).sub)
  values.set('access_token', await complete(token, user ?? {}, 'otp'))
  const headers = new Headers(response.headers)
  headers.set('location', `${target}#${values}`)
  return new Response(null, { status: response.status, headers })
}

function methodOf(url) {
  if (url.pathname.endsWith('/verify')) return 'otp'
  return url.searchParams.get('grant_type') === 'refresh_token' ? 'token_refresh' : 'password'
}
