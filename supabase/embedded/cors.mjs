// Behind Caddy everything is one origin. A page served from elsewhere (a development server) needs these headers,
// which lite sets for /rest/v1 and only in part for /auth/v1. No cookies are used, so `*` gives nothing away.

const methods = 'GET,POST,PUT,PATCH,DELETE,OPTIONS'

export function isPreflight(request, url) {
  return (
    request.method === 'OPTIONS' &&
    url.pathname.startsWith('/auth/v1') &&
    request.headers.has('access-control-request-method')
  )
}

export function answerPreflight(request) {
  return withCors(request, new Response(null, { status: 204 }))
}

/** @param {Request} request @param {Response} response */
export function withCors(request, response) {
  if (!request.headers.has('origin')) return response
  const headers = new Headers(response.headers)
  headers.set('access-control-allow-origin', '*')
  headers.delete('access-control-allow-credentials')
  headers.set('access-control-allow-methods', methods)
  headers.set('access-control-allow-headers', request.headers.get('access-control-request-headers') ?? '*')
  headers.set('access-control-expose-headers', 'X-Total-Count, Link, X-Supabase-Api-Version')
  return new Response(response.body, { status: response.status, headers })
}
