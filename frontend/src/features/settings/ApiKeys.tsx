import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { Dialog } from '@/components/Dialog'
import { TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { Section } from '@/components/Section'
import { Skeleton } from '@/components/Skeleton'
import { useCopy } from '@/components/useCopy'
import type { ApiKey, NewApiKey, Page } from '@/lib/api/types'
import { formatAgo, formatMoment } from '@/lib/format'
import { t } from '@/lib/i18n'
import { settingsTexts } from '@/lib/i18n/settings'
import { useApi } from '@/lib/services'

const texts = settingsTexts.keys

/** A person's API keys: made, shown once, revoked. */
export function ApiKeys() {
  const api = useApi()
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => api.get<Page<ApiKey>>('/api/keys', {}, signal),
  })

  return (
    <Section title={texts.title} intro={texts.intro}>
      {keys.isPending ? (
        <Skeleton rows={2} />
      ) : keys.isError ? (
        <ErrorNotice error={keys.error} onRetry={() => void keys.refetch()} />
      ) : keys.data.items.length === 0 ? (
        <p className="text-muted text-sm">{texts.empty}</p>
      ) : (
        <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
          {keys.data.items.map((key) => (
            <li key={key.id} className="flex items-center gap-3 px-4 py-2.5 text-sm">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{key.name}</p>
                <p className="text-muted text-xs">
                  <code>{key.prefix}…</code> ·{' '}
                  {key.last_used_at ? texts.used(formatAgo(key.last_used_at)) : texts.unused}
                  {key.expires_at && ` · ${texts.until(formatMoment(key.expires_at))}`}
                </p>
              </div>
              <Button look="plainDanger" onClick={() => setRevoking(key)}>
                {texts.revoke}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button className="mt-3" onClick={() => setCreating(true)}>
        {texts.create}
      </Button>
      {creating && <CreateKey onClose={() => setCreating(false)} />}
      {revoking && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Section>
  )
}

function CreateKey({ onClose }: { onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const { copied, copy } = useCopy()
  const create = useMutation({
    mutationFn: (body: { name: string; expires_at: string | null }) => api.post<NewApiKey>('/api/keys', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  })

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const day = String(form.get('expires'))
    const name = String(form.get('name')).trim()
    create.mutate({ name, expires_at: day ? new Date(`${day}T23:59:59`).toISOString() : null })
  }

  if (create.data) {
    const { key } = create.data
    return (
      <Dialog title={texts.created} onClose={onClose}>
        <p className="text-sm">{texts.createdDetail}</p>
        <code className="mt-3 block select-all break-all rounded-lg border border-line bg-sunken p-3 text-sm">
          {key}
        </code>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{t.actions.close}</Button>
          <Button look="primary" onClick={() => void copy(key)}>
            {copied ? t.actions.copied : texts.copy}
          </Button>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title={texts.create} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextField label={texts.name} hint={texts.nameHint} name="name" required maxLength={200} autoFocus />
        <TextField label={texts.expires} hint={texts.never} name="expires" type="date" />
        {create.isError && <ErrorNotice error={create.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.actions.cancel}</Button>
          <Button type="submit" look="primary" disabled={create.isPending}>
            {texts.create}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => api.delete<void>(`/api/keys/${apiKey.id}`),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries({ queryKey: ['keys'] })
    },
  })
  return (
    <ConfirmDialog
      title={texts.revokeTitle}
      confirm={texts.revoke}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      {texts.revokeDetail(apiKey.name)}
    </ConfirmDialog>
  )
}
