import { UserPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/Button'
import { Check } from '@/components/Check'
import { Dialog } from '@/components/Dialog'
import { Select, TextField } from '@/components/Field'
import { LINK_BUTTON } from '@/components/linkButton'
import { ErrorNotice } from '@/components/Notice'
import { SecretLink } from '@/components/SecretLink'
import { Section } from '@/components/Section'
import { Skeleton } from '@/components/Skeleton'
import type { Invitation } from '@/lib/api/types'
import { formatAgo, formatMoment } from '@/lib/format'
import { t } from '@/lib/i18n'
import { adminTexts } from '@/lib/i18n/admin'
import { useGroups } from '@/lib/people'
import { useInvitations, useInvite, useRevokeInvitation } from './peopleQueries'

const texts = adminTexts.invitations

export function InviteButton() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button look="primary" icon={<UserPlus size={16} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {texts.create}
      </Button>
      {open && <InviteDialog onClose={() => setOpen(false)} />}
    </>
  )
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const invite = useInvite()
  const groups = useGroups().data ?? []

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    invite.mutate({
      email: String(form.get('email')).trim(),
      role: String(form.get('role')),
      group_ids: form.getAll('group').map(String),
    })
  }

  if (invite.data) {
    const { email, token } = invite.data
    const link = `${window.location.origin}/invitation/${token}`
    const mail = new URLSearchParams({ subject: texts.subject, body: texts.body(link) })
    return (
      <Dialog title={texts.created} onClose={onClose}>
        <SecretLink link={link} detail={texts.createdDetail(email)} copy={texts.copy}>
          <a
            href={`mailto:${encodeURIComponent(email)}?${mail.toString().replaceAll('+', '%20')}`}
            className={LINK_BUTTON}
          >
            {texts.mail}
          </a>
        </SecretLink>
      </Dialog>
    )
  }
  return (
    <Dialog title={texts.create} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextField label={texts.email} name="email" type="email" required maxLength={320} autoFocus />
        <Select label={texts.role} name="role" defaultValue="member">
          <option value="member">{adminTexts.people.roles.member}</option>
          <option value="admin">{adminTexts.people.roles.admin}</option>
        </Select>
        {groups.length > 0 && (
          <fieldset>
            <legend className="mb-1 font-medium text-sm">{texts.groups}</legend>
            <div className="max-h-40 overflow-y-auto">
              {groups.map((group) => (
                <Check key={group.id} name="group" value={group.id}>
                  {group.name}
                </Check>
              ))}
            </div>
          </fieldset>
        )}
        {invite.isError && <ErrorNotice error={invite.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.actions.cancel}</Button>
          <Button type="submit" look="primary" disabled={invite.isPending}>
            {texts.create}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export function InvitationList() {
  const invitations = useInvitations()
  const revoke = useRevokeInvitation()
  return (
    <div className="mt-10">
      <Section title={texts.title} intro={texts.intro}>
        {revoke.isError && <ErrorNotice error={revoke.error} className="mb-3" />}
        {invitations.isPending ? (
          <Skeleton rows={2} />
        ) : invitations.isError ? (
          <ErrorNotice error={invitations.error} onRetry={() => void invitations.refetch()} />
        ) : invitations.data.length === 0 ? (
          <p className="text-muted text-sm">{texts.empty}</p>
        ) : (
          <ul
            aria-label={texts.title}
            className="divide-y divide-line rounded-xl border border-line bg-raised"
          >
            {invitations.data.map((invitation) => (
              <li key={invitation.id} className="flex items-center gap-3 px-4 py-2.5 text-sm">
                <div className="min-w-0 flex-1">
                  <p className="truncate font-medium">{invitation.email}</p>
                  <p className="text-muted text-xs">
                    {adminTexts.people.roles[invitation.role]} · {stateOf(invitation)}
                  </p>
                </div>
                {!invitation.accepted_at && (
                  <Button
                    look="plainDanger"
                    aria-label={texts.revokeOf(invitation.email)}
                    disabled={revoke.isPending}
                    onClick={() => revoke.mutate(invitation.id)}
                  >
                    {texts.revoke}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  )
}

function stateOf(invitation: Invitation): string {
  if (invitation.accepted_at) return texts.accepted(formatAgo(invitation.accepted_at))
  if (Date.parse(invitation.expires_at) < Date.now()) return texts.expired
  return texts.open(formatMoment(invitation.expires_at))
}
