// GoTrue's admin API for users, which lite does not have: list, create, read, change, delete.
import { jwtVerify } from 'jose'
import { endOfBan } from './users.mjs'

const path = /^\/auth\/v1\/admin\/users(?:\/([^/]+))?\/?$/

export function isAdminPath(url) {
  return url.pathname.startsWith('/auth/v1/admin/')
}

/** @returns {(request: Request, url: URL) => Promise<Response>} */
export function adminApi(users, settings) {
  return async (request, url) => {
    if (!(await isService(request, settings))) return refuse(403, 'not_admin', 'User not allowed')
    const [match, id] = path.exec(url.pathname) ?? []
    if (!match) return refuse(404, 'not_found', `${url.pathname} is not part of this server's admin API`)
    const body = await readBody(request)
    if (body instanceof Response) return body
    const act = (id ? one : all)[request.method]
    if (!act) return refuse(405, 'method_not_allowed', `${request.method} is not possible here`)
    try {
      return await act({ users, id, body, url })
    } catch (error) {
      if (error.code === '23505') {
        return refuse(422, 'email_exists', 'A user with this email address has already been registered')
      }
      throw error
    }
  }
}

const all = {
  async GET({ users, url }) {
    const page = positive(url.searchParams.get('page'), 1)
    const perPage = Math.min(positive(url.searchParams.get('per_page'), 50), 1000)
    const { total, users: found } = await users.list(page, perPage)
    return json(200, { users: found, aud: 'authenticated' }, { 'x-total-count': String(total) })
  },
  async POST({ users, body }) {
    if (!body.email) return refuse(400, 'validation_failed', 'Cannot create a user without an email address')
    return json(200, await users.create(body))
  },
}

const one = {
  GET: async ({ users, id }) => found(await users.find(id)),
  PUT: async ({ users, id, body }) => {
    if (body.ban_duration) {
      try {
        endOfBan(body.ban_duration)
      } catch (error) {
        if (error instanceof RangeError) return refuse(400, 'validation_failed', error.message)
        throw error
      }
    }
    return found(await users.update(id, body))
  },
  DELETE: async ({ users, id }) => ((await users.find(id)) && (await users.remove(id)) ? json(200, {}) : found(null)),
}

const found = (user) => (user ? json(200, user) : refuse(404, 'user_not_found', 'User not found'))

async function isService(request, { serviceKey, jwtSecret }) {
  if (request.headers.get('apikey') === serviceKey) return true
  const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (!token) return false
  if (token === serviceKey) return true
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(jwtSecret), { algorithms: ['HS256'] })
    return payload.role === 'service_role'
  } catch (error) {
    if (String(error.code).startsWith('ERR_J')) return false // jose: not a token of ours
    throw error
  }
}

async function readBody(request) {
  if (!['POST', 'PUT'].includes(request.method)) return {}
  try {
    const body = await request.json()
    if (body && typeof body === 'object' && !Array.isArray(body)) return body
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return refuse(400, 'bad_json', 'Could not parse request body as JSON')
}

function positive(text, otherwise) {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : otherwise
}

function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
}

function refuse(status, code, msg) {
  return json(status, { code: status, error_code: code, msg })
}
