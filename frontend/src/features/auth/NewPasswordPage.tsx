import { useEffect, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { Button } from '@/components/Button'
import { Notice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { t } from '@/lib/i18n'
import { useServices } from '@/lib/services'
import type { Auth } from '@/lib/session'
import { AuthFrame, LINK } from './AuthFrame'
import { checkNewPassword, PasswordField } from './fields'
import { useAuthForm } from './useAuthForm'

/**
 * Where the link in the recovery mail leads. The link carries either tokens after `#` (supabase-js has taken
 * them by the time the session is read) or a `token_hash`, depending on the server's mail template.
 */
async function openLink(auth: Auth, tokenHash: string | null): Promise<boolean> {
  if (tokenHash) {
    const { error } = await auth.verifyOtp({ type: 'recovery', token_hash: tokenHash })
    if (!error) return true
  }
  const { data } = await auth.getSession()
  return data.session !== null
}

export function NewPasswordPage() {
  const { auth } = useServices()
  const navigate = useNavigate()
  const [query] = useSearchParams()
  const tokenHash = query.get('token_hash')
  const [link, setLink] = useState<'checking' | 'good' | 'bad'>('checking')

  useEffect(() => {
    let current = true
    openLink(auth, tokenHash).then((good) => current && setLink(good ? 'good' : 'bad'))
    return () => {
      current = false
    }
  }, [auth, tokenHash])

  const form = useAuthForm({
    check: ({ password = '' }) => ({ password: checkNewPassword(password) }),
    submit: async ({ password = '' }) => {
      const { error } = await auth.updateUser({ password })
      if (error) throw error
      navigate('/', { replace: true })
    },
  })

  if (link === 'checking') {
    return (
      <AuthFrame title={t.auth.checkingLink}>
        <Skeleton rows={2} />
      </AuthFrame>
    )
  }

  if (link === 'bad') {
    return (
      <AuthFrame title={t.auth.linkInvalid}>
        <p role="alert" className="mb-4 text-sm">
          {t.auth.linkInvalidDetail}
        </p>
        <Link to="/recover" className={LINK}>
          {t.auth.askAgain}
        </Link>
      </AuthFrame>
    )
  }

  return (
    <AuthFrame title={t.auth.newPasswordTitle}>
      <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-4">
        <PasswordField
          label={t.auth.newPassword}
          error={form.errors.password}
          hint={t.auth.passwordHint}
          autoComplete="new-password"
          autoFocus
        />
        {form.failure && (
          <Notice tone="error" role="alert">
            {form.failure}
          </Notice>
        )}
        <Button type="submit" look="primary" disabled={form.busy}>
          {form.busy ? t.actions.saving : t.auth.newPasswordSave}
        </Button>
      </form>
    </AuthFrame>
  )
}
