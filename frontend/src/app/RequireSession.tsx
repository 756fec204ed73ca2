import { Navigate, Outlet, useLocation } from 'react-router'
import { t } from '@/lib/i18n'
import { useServices } from '@/lib/services'
import { useSession } from '@/lib/useSession'

/**
 * Lets only people who are logged in through; the others come back here after the log-in page. Where nobody has an
 * account yet, there is nothing to log in to: the first person signs up.
 */
export function RequireSession() {
  const session = useSession()
  const location = useLocation()
  const { features } = useServices().config
  if (session === undefined) return <p className="sr-only">{t.actions.loading}</p>
  if (session === null) {
    const door = features.firstAccount ? '/signup' : '/login'
    return <Navigate to={door} replace state={{ from: location.pathname + location.search }} />
  }
  return <Outlet />
}
