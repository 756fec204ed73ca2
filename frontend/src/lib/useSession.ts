import { useEffect, useState } from 'react'
import { useServices } from './services'
import type { Session } from './session'

/** The person's session: undefined while it is being read, null when nobody is logged in. */
export function useSession(): Session | null | undefined {
  const { auth } = useServices()
  const [session, setSession] = useState<Session | null>()

  useEffect(() => {
    const { data } = auth.onAuthStateChange((_event, next) => setSession(next))
    return () => data.subscription.unsubscribe()
  }, [auth])

  return session
}
