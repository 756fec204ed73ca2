import type { Auth } from '@/lib/session'
import { asProblem, problemFrom } from './problem'

type Query = Record<string, string | number | boolean | undefined | null>

export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  delete<T>(path: string): Promise<T>
  /** `fetch` with the person's token, renewed once when the API no longer takes it. */
  fetch: typeof fetch
}

/**
 * The agent API with the person's access token on each request.
 *
 * @param onSessionEnd called when the API refuses even a renewed token.
 */
export function createApi(auth: Auth, onSessionEnd: () => void): Api {
  const authorized = async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const { data } = await auth.getSession()
    const response = await fetch(input, withToken(init, data.session?.access_token))
    if (response.status !== 401) return response
    const renewed = data.session ? await auth.refreshSession() : undefined
    const token = renewed?.data.session?.access_token
    const second = token ? await fetch(input, withToken(init, token)) : response
    if (second.status === 401) onSessionEnd()
    return second
  }

  const send = async <T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> => {
    const isForm = body instanceof FormData
    const json = body !== undefined && !isForm
    try {
      const response = await authorized(path, {
        method,
        headers: { accept: 'application/json', ...(json && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
        ...(signal && { signal }),
      })
      if (!response.ok) throw await problemFrom(response)
      return (response.status === 204 ? undefined : await response.json()) as T
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw asProblem(error)
    }
  }

  return {
    get: (path, query, signal) => send('GET', withQuery(path, query), undefined, signal),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
    fetch: authorized,
  }
}

function withToken(init: RequestInit, token: string | undefined): RequestInit {
  const headers = new Headers(init.headers)
  if (token) headers.set('authorization', `Bearer ${token}`)
  return { ...init, headers }
}

function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return search ? `${path}?${search}` : path
}
