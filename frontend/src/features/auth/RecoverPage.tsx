import { useState } from 'react'
import { Link } from 'react-router'
import { Button } from '@/components/Button'
import { Notice } from '@/components/Notice'
import { t } from '@/lib/i18n'
import { useServices } from '@/lib/services'
import { AuthFrame, LINK } from './AuthFrame'
import { checkEmail, EmailField } from './fields'
import { useAuthForm } from './useAuthForm'
import { useCarriedEmail } from './useCarriedEmail'

export function RecoverPage() {
  const { auth } = useServices()
  const email = useCarriedEmail()
  const [sentTo, setSentTo] = useState<string | null>(null)

  const form = useAuthForm({
    check: ({ email = '' }) => ({ email: checkEmail(email) }),
    submit: async ({ email = '' }) => {
      const { error } = await auth.resetPasswordForEmail(email, {
        redirectTo: `${window.location.origin}/new-password`,
      })
      if (error) throw error
      setSentTo(email)
    },
  })

  const below = (
    <Link to="/login" state={email.state} className={LINK}>
      {t.auth.backToLogIn}
    </Link>
  )

  if (sentTo) {
    return (
      <AuthFrame title={t.auth.recoverSent} below={below}>
        <p role="status" className="text-sm">
          {t.auth.recoverSentDetail(sentTo)}
        </p>
      </AuthFrame>
    )
  }

  return (
    <AuthFrame title={t.auth.recoverTitle} below={below}>
      <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-4">
        <p className="text-muted text-sm">{t.auth.recoverIntro}</p>
        <EmailField error={form.errors.email} autoFocus {...email.field} />
        {form.failure && (
          <Notice tone="error" role="alert">
            {form.failure}
          </Notice>
        )}
        <Button type="submit" look="primary" disabled={form.busy}>
          {form.busy ? t.auth.recoverSending : t.auth.recoverSend}
        </Button>
      </form>
    </AuthFrame>
  )
}
