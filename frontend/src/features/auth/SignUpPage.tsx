import { useState } from 'react'
import { Link, Navigate, useLocation } from 'react-router'
import { Button } from '@/components/Button'
import { TextField } from '@/components/Field'
import { Notice } from '@/components/Notice'
import { t } from '@/lib/i18n'
import { useServices } from '@/lib/services'
import { useSession } from '@/lib/useSession'
import { AuthFrame, LINK } from './AuthFrame'
import { checkEmail, checkNewPassword, EmailField, PasswordField } from './fields'
import { SingleSignOn } from './SingleSignOn'
import { useAuthForm } from './useAuthForm'
import { useCarriedEmail } from './useCarriedEmail'

export function SignUpPage() {
  const { auth, config } = useServices()
  const session = useSession()
  const location = useLocation()
  const email = useCarriedEmail()
  const [unconfirmed, setUnconfirmed] = useState<string | null>(null)

  const form = useAuthForm({
    check: ({ email = '', password = '' }) => ({
      email: checkEmail(email),
      password: checkNewPassword(password),
    }),
    submit: async ({ name = '', email = '', password = '' }) => {
      const { data, error } = await auth.signUp({
        email,
        password,
        options: { data: { display_name: name }, emailRedirectTo: window.location.origin },
      })
      if (error) throw error
      if (!data.session) setUnconfirmed(email)
    },
  })

  if (session) return <Navigate to={location.state?.from ?? '/'} replace />

  const below = (
    <>
      {t.auth.haveAccount}{' '}
      <Link to="/login" className={LINK} state={email.state}>
        {t.auth.logIn}
      </Link>
    </>
  )

  if (!config.features.signUp || unconfirmed) {
    return (
      <AuthFrame title={unconfirmed ? t.auth.confirmMail : t.auth.signUpTitle} below={below}>
        <p className="text-sm">{unconfirmed ? t.auth.confirmMailDetail(unconfirmed) : t.auth.signUpClosed}</p>
      </AuthFrame>
    )
  }

  return (
    <AuthFrame title={t.auth.signUpTitle} below={below}>
      {config.features.firstAccount && (
        <Notice className="mb-4" role="status">
          {t.auth.firstAccount}
        </Notice>
      )}
      <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-4">
        <TextField label={t.auth.name} name="name" autoComplete="name" maxLength={200} autoFocus />
        <EmailField error={form.errors.email} {...email.field} />
        <PasswordField error={form.errors.password} hint={t.auth.passwordHint} autoComplete="new-password" />
        {form.failure && (
          <Notice tone="error" role="alert">
            {form.failure}
          </Notice>
        )}
        <Button type="submit" look="primary" disabled={form.busy} className="mt-1">
          {form.busy ? t.auth.signingUp : t.auth.signUp}
        </Button>
      </form>
      <SingleSignOn />
    </AuthFrame>
  )
}
