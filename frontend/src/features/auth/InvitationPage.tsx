import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { Button } from '@/components/Button'
import { TextField } from '@/components/Field'
import { ErrorNotice, Notice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { asProblem, Problem } from '@/lib/api/problem'
import type { OpenInvitation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { useApi, useServices } from '@/lib/services'
import { useSession } from '@/lib/useSession'
import { AuthFrame, LINK } from './AuthFrame'
import { checkNewPassword, PasswordField } from './fields'
import { useAuthForm } from './useAuthForm'

const texts = t.auth.invitation

/** Where an invitation leads: a name and a password, and one is in. */
export function InvitationPage() {
  const { token = '' } = useParams()
  const api = useApi()
  const session = useSession()
  const { auth } = useServices()
  const path = `/api/invitations/open/${encodeURIComponent(token)}`
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => api.get<OpenInvitation>(path, {}, signal),
    refetchOnWindowFocus: false,
  })

  if (invitation.isPending || session === undefined) {
    return (
      <AuthFrame title={texts.title}>
        <Skeleton rows={3} />
      </AuthFrame>
    )
  }
  if (invitation.isError) {
    const gone = [404, 422].includes(asProblem(invitation.error).status)
    return (
      <AuthFrame
        title={gone ? texts.gone : texts.title}
        below={
          <Link to="/login" className={LINK}>
            {t.auth.logIn}
          </Link>
        }
      >
        {gone ? (
          <p className="text-sm">
            {asProblem(invitation.error).status === 404 ? asProblem(invitation.error).detail : texts.notWhole}
          </p>
        ) : (
          <ErrorNotice error={invitation.error} onRetry={() => void invitation.refetch()} />
        )}
      </AuthFrame>
    )
  }
  return (
    <AuthFrame title={texts.title}>
      <p className="mb-4 text-sm">{texts.intro(invitation.data.invited_by, invitation.data.email)}</p>
      {session ? (
        <Notice
          action={<Button onClick={() => void auth.signOut({ scope: 'local' })}>{t.nav.logOut}</Button>}
        >
          {texts.logOutFirst}
        </Notice>
      ) : (
        <AcceptForm path={path} email={invitation.data.email} />
      )}
    </AuthFrame>
  )
}

function AcceptForm({ path, email }: { path: string; email: string }) {
  const api = useApi()
  const { auth } = useServices()
  const navigate = useNavigate()
  const [refusal, setRefusal] = useState<Problem | null>(null)
  const form = useAuthForm({
    check: ({ password = '' }) => ({ password: checkNewPassword(password) }),
    submit: async ({ name = '', password = '' }) => {
      setRefusal(null)
      try {
        await api.post(`${path}/accept`, { password, display_name: name })
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        setRefusal(error)
        return
      }
      const { error } = await auth.signInWithPassword({ email, password })
      if (error) throw error
      navigate('/', { replace: true })
    },
  })

  return (
    <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-4">
      <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
      <TextField label={t.auth.name} name="name" autoComplete="name" maxLength={200} autoFocus />
      <PasswordField error={form.errors.password} hint={t.auth.passwordHint} autoComplete="new-password" />
      {refusal && <ErrorNotice error={refusal} />}
      {form.failure && (
        <Notice tone="error" role="alert">
          {form.failure}
        </Notice>
      )}
      <Button type="submit" look="primary" disabled={form.busy} className="mt-1">
        {texts.accept}
      </Button>
    </form>
  )
}
