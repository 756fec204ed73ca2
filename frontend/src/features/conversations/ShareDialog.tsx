import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { Select } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { SecretLink } from '@/components/SecretLink'
import { SharedLinks } from '@/components/SharedLinks'
import type { NewSharedLink } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { useApi } from '@/lib/services'

const texts = t.chat.links
const DAY = 86_400_000
const DAYS = { never: null, day: 1, week: 7, month: 30 } as const

/** Makes a link to a conversation, and lists those that work. */
export function ShareDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const [expiry, setExpiry] = useState<keyof typeof DAYS>('never')
  const create = useMutation({
    mutationFn: () => {
      const days = DAYS[expiry]
      const expires_at = days ? new Date(Date.now() + days * DAY).toISOString() : null
      return api.post<NewSharedLink>(`/api/conversations/${encodeURIComponent(id)}/links`, { expires_at })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['links'] }),
  })

  return (
    <Dialog title={texts.title} onClose={onClose}>
      {create.data ? (
        <SecretLink
          link={`${window.location.origin}/s/${create.data.token}`}
          detail={texts.createdDetail}
          copy={texts.copy}
        />
      ) : (
        <>
          <p className="text-sm">{texts.intro}</p>
          <div className="mt-4 flex flex-wrap items-end gap-3">
            <div className="min-w-44 flex-1">
              <Select
                label={texts.expires}
                value={expiry}
                onChange={(event) => setExpiry(event.target.value as keyof typeof DAYS)}
              >
                {Object.entries(texts.expiries).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </Select>
            </div>
            <Button look="primary" onClick={() => create.mutate()} disabled={create.isPending}>
              {texts.create}
            </Button>
          </div>
          {create.isError && <ErrorNotice error={create.error} className="mt-3" />}
        </>
      )}
      <h3 className="mt-6 mb-2 font-medium text-sm">{texts.existing}</h3>
      {/* A link that was just made and taken back is not offered for copying any longer. */}
      <SharedLinks conversationId={id} onRevoked={create.reset} />
    </Dialog>
  )
}
