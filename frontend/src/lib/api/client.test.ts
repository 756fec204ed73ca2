import { describe, expect, it, vi } from 'vitest'
import { fakeAuth } from '@/test/render'
import { createApi } from './client'
import { Problem } from './problem'

const PROBLEM = {
  type: '/problems/conversation-not-found',
  title: 'Not found',
  status: 404,
  detail: 'No such conversation.',
}

function answer(...responses: Response[]) {
  const spy = vi.spyOn(globalThis, 'fetch')
  for (const response of responses) spy.mockResolvedValueOnce(response)
  return spy
}

function headers(spy: ReturnType<typeof answer>, call: number): Headers {
  return new Headers(spy.mock.calls[call]?.[1]?.headers)
}

describe('the API client', () => {
  it('sends the token and leaves empty query values out', async () => {
    const spy = answer(Response.json({ items: [] }))
    await createApi(fakeAuth(), () => undefined).get('/api/documents', { q: 'a b', state: '', cursor: null })
    expect(spy.mock.calls[0]?.[0]).toBe('/api/documents?q=a+b')
    expect(headers(spy, 0).get('authorization')).toBe('Bearer token')
  })

  it('throws the problem that the API describes', async () => {
    answer(Response.json(PROBLEM, { status: 404, headers: { 'content-type': 'application/problem+json' } }))
    const problem = await createApi(fakeAuth(), () => undefined)
      .get('/api/x')
      .catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({
      status: 404,
      slug: 'conversation-not-found',
      detail: 'No such conversation.',
    })
  })

  it('finds words for an answer that is no problem document', async () => {
    answer(new Response('<h1>Bad gateway</h1>', { status: 502 }))
    const problem = await createApi(fakeAuth(), () => undefined)
      .get('/api/x')
      .catch((error: unknown) => error)
    expect(problem).toMatchObject({ status: 502, title: 'The server could not do this' })
  })

  it('renews a token once and tries again', async () => {
    const refreshSession = async () => ({ data: { session: { access_token: 'newer' } }, error: null })
    const spy = answer(new Response(null, { status: 401 }), Response.json({ ok: true }))
    const onEnd = vi.fn()
    await createApi(fakeAuth({ refreshSession }), onEnd).get('/api/me')
    expect(headers(spy, 1).get('authorization')).toBe('Bearer newer')
    expect(onEnd).not.toHaveBeenCalled()
  })

  it('ends the session where no token is taken any more', async () => {
    answer(new Response(null, { status: 401 }))
    const onEnd = vi.fn()
    await createApi(fakeAuth(), onEnd)
      .get('/api/me')
      .catch(() => undefined)
    expect(onEnd).toHaveBeenCalledOnce()
  })
})
