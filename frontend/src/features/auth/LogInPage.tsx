import { useState } from 'react'
import { Link, Navigate, useLocation } from 'react-router'
import { Button } from '@/components/Button'
import { Notice } from '@/components/Notice'
import { t } from '@/lib/i18n'
import { useServices } from '@/lib/services'
import { forgetSessionEnd, sessionHasEnded } from '@/lib/sessionEnd'
import { useSession } from '@/lib/useSession'
import { AuthFrame, LINK } from './AuthFrame'
import { checkEmail, EmailField, PasswordField } from './fields'
import { SingleSignOn } from './SingleSignOn'
import { useAuthForm } from './useAuthForm'
import { useCarriedEmail } from './useCarriedEmail'

export function LogInPage() {
  const { auth, config } = useServices()
  const session = useSession()
  const location = useLocation()
  const email = useCarriedEmail()
  const [ended] = useState(sessionHasEnded)
  const from: string = location.state?.from ?? '/'

  const form = useAuthForm({
    check: ({ email = '', password }) => ({
      email: checkEmail(email),
      password: password ? null : t.auth.errors.passwordMissing,
    }),
    submit: async ({ email = '', password = '' }) => {
      const { error } = await auth.signInWithPassword({ email, password })
      if (error) throw error
      forgetSessionEnd()
    },
  })

  if (session) return <Navigate to={from} replace />

  return (
    <AuthFrame
      title={t.auth.logInTitle}
      below={
        config.features.signUp && (
          <>
            {t.auth.noAccount}{' '}
            <Link to="/signup" className={LINK} state={email.state}>
              {t.auth.signUp}
            </Link>
          </>
        )
      }
    >
      {ended && (
        <Notice tone="warn" role="status" className="mb-4">
          {t.auth.sessionEnded}
        </Notice>
      )}
      <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-4">
        <EmailField error={form.errors.email} autoFocus {...email.field} />
        <PasswordField error={form.errors.password} autoComplete="current-password" />
        {form.failure && (
          <Notice tone="error" role="alert">
            {form.failure}
          </Notice>
        )}
        <Button type="submit" look="primary" disabled={form.busy} className="mt-1">
          {form.busy ? t.auth.loggingIn : t.auth.logIn}
        </Button>
        {config.features.passwordRecovery ? (
          <Link to="/recover" state={email.state} className={`${LINK} self-center text-sm`}>
            {t.auth.forgot}
          </Link>
        ) : (
          <p className="text-center text-muted text-sm">{t.auth.forgotAsk}</p>
        )}
      </form>
      <SingleSignOn />
    </AuthFrame>
  )
}
