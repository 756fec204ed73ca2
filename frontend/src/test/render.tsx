import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactElement } from 'react'
import { MemoryRouter } from 'react-router'
import { vi } from 'vitest'
import { type Api, createApi } from '@/lib/api/client'
import type { Config } from '@/lib/config'
import { type Services, ServicesProvider } from '@/lib/services'
import type { Auth } from '@/lib/session'

export const config: Config = {
  supabaseUrl: 'http://localhost',
  supabaseKey: 'sb_publishable_test',
  version: '0.0.0',
  features: {
    signUp: true,
    firstAccount: false,
    passwordRecovery: true,
    languageModel: true,
    maxUploadBytes: 1_000_000,
    singleSignOn: [],
  },
}

/** A log-in server that knows one session and takes what a test gives it for the rest. */
export function fakeAuth(overrides: Partial<Record<keyof Auth, unknown>> = {}, loggedIn = true): Auth {
  const session = loggedIn ? { access_token: 'token' } : null
  return {
    getSession: async () => ({ data: { session }, error: null }),
    refreshSession: async () => ({ data: { session: null }, error: null }),
    onAuthStateChange: (listener: (event: string, session: unknown) => void) => {
      listener('INITIAL_SESSION', session)
      return { data: { subscription: { unsubscribe: () => undefined } } }
    },
    ...overrides,
  } as unknown as Auth
}

/** Answers of the API by "METHOD path"; what is not named answers 404 as the API does. */
export function fakeFetch(answers: Record<string, unknown>) {
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const path = String(input).split('?')[0]
    const key = `${init?.method ?? 'GET'} ${path}`
    if (key in answers) return Response.json(answers[key])
    return Response.json(
      { type: '/problems/not-found', title: 'Not found', status: 404, detail: 'There is nothing here.' },
      { status: 404, headers: { 'content-type': 'application/problem+json' } },
    )
  })
}

interface Options {
  auth?: Auth
  api?: Api
  at?: string
  features?: Partial<Config['features']>
}

/** Draws a component with all that the app puts around it. */
export function renderApp(
  element: ReactElement,
  { auth = fakeAuth(), api, at = '/', features }: Options = {},
) {
  const services: Services = {
    config: { ...config, features: { ...config.features, ...features } },
    auth,
    api: api ?? createApi(auth, () => undefined),
  }
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return render(
    <QueryClientProvider client={queries}>
      <ServicesProvider value={services}>
        <MemoryRouter initialEntries={[at]}>{element}</MemoryRouter>
      </ServicesProvider>
    </QueryClientProvider>,
  )
}
