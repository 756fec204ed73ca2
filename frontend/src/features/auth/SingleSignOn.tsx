import type { Provider } from '@supabase/supabase-js'
import { Button } from '@/components/Button'
import { t } from '@/lib/i18n'
import { useServices } from '@/lib/services'

/** A button for each provider that this server offers; nothing where there is none. */
export function SingleSignOn() {
  const { auth, config } = useServices()
  const providers = config.features.singleSignOn
  if (providers.length === 0) return null
  return (
    <div className="mt-5 flex flex-col gap-2 border-line border-t pt-5">
      {providers.map((provider) => (
        <Button
          key={provider}
          onClick={() =>
            void auth.signInWithOAuth({
              provider: provider as Provider,
              options: { redirectTo: window.location.origin },
            })
          }
        >
          {t.auth.logInWith(provider.charAt(0).toUpperCase() + provider.slice(1))}
        </Button>
      ))}
    </div>
  )
}
