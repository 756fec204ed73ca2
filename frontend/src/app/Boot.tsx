import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { BrowserRouter } from 'react-router'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { Waiting } from '@/components/Waiting'
import { createApi } from '@/lib/api/client'
import { loadConfig } from '@/lib/config'
import { t } from '@/lib/i18n'
import { createQueryClient } from '@/lib/queries'
import { type Services, ServicesProvider } from '@/lib/services'
import { createAuth } from '@/lib/session'
import { noteSessionEnd } from '@/lib/sessionEnd'
import { ErrorBoundary } from './ErrorBoundary'
import { AppRoutes } from './routes'

const queryClient = createQueryClient()

async function startServices(): Promise<Services> {
  const config = await loadConfig()
  const auth = createAuth(config)
  const api = createApi(auth, () => {
    noteSessionEnd()
    void auth.signOut({ scope: 'local' })
  })
  auth.onAuthStateChange((event, session) => {
    // Who has a session has an account, so the next one is not the first.
    if (session) config.features.firstAccount = false
    // What one person read must not be there for the next one in the same browser.
    if (event === 'SIGNED_OUT') queryClient.clear()
  })
  return { config, auth, api }
}

/** Reads the configuration, builds what the app stands on, then shows it. */
export function Boot() {
  const [services, setServices] = useState<Services | 'failed' | 'loading'>('loading')
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    let current = true
    startServices().then(
      (started) => current && setServices(started),
      () => current && setServices('failed'),
    )
    return () => {
      current = false
    }
  }, [attempt])

  if (services === 'loading') return <p className="sr-only">{t.page.starting}</p>
  if (services === 'failed') {
    return (
      <EmptyState
        page
        title={t.page.unreachable}
        detail={t.page.unreachableDetail}
        action={<Button onClick={() => setAttempt(attempt + 1)}>{t.actions.retry}</Button>}
      />
    )
  }
  return (
    <ErrorBoundary>
      <QueryClientProvider client={queryClient}>
        <ServicesProvider value={services}>
          <BrowserRouter>
            <Suspense fallback={<Waiting rows={0} />}>
              <AppRoutes />
            </Suspense>
          </BrowserRouter>
        </ServicesProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  )
}
