import { Navigate, Outlet, useLocation } from 'react-router'
import { t } from '@/lib/i18n'
import { useSession } from '@/lib/useSession'

/** Lets only people who are logged in through; the others come back here after the log-in page. */
export function RequireSession() {
  const session = useSession()
  const location = useLocation()
  if (session === undefined) return <p className="sr-only">{t.actions.loading}</p>
  if (session === null) {
    return <Navigate to="/login" replace state={{ from: location.pathname + location.search }} />
  }
  return <Outlet />
}
