import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AccountReceipt } from '@/lib/api/types'
import { formatMoment, formatNumber } from '@/lib/format'
import { t } from '@/lib/i18n'
import { settingsTexts } from '@/lib/i18n/settings'
import { useApi } from '@/lib/services'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { TextField } from './Field'
import { ErrorNotice, Notice } from './Notice'

const texts = settingsTexts.data

interface DeleteAccountProps {
  title: string
  email: string
  /** Where the API deletes this account. */
  path: string
  onClose: (deleted: boolean) => void
}

/** Says what goes, asks for the address once more, deletes, and shows the receipt. */
export function DeleteAccount({ title, email, path, onClose }: DeleteAccountProps) {
  const api = useApi()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: () => api.post<AccountReceipt>(path, { email: typed.trim() }),
  })
  const close = () => {
    if (remove.isSuccess) void queries.invalidateQueries({ queryKey: ['people'] })
    onClose(remove.isSuccess)
  }

  if (remove.data) {
    return (
      <Dialog title={texts.receiptTitleOf(remove.data.email)} onClose={close}>
        <Receipt receipt={remove.data} />
        <div className="mt-4 flex justify-end">
          <Button look="primary" onClick={close} autoFocus>
            {t.actions.close}
          </Button>
        </div>
      </Dialog>
    )
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate()
  }
  return (
    <Dialog title={title} onClose={close}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <Notice tone="warn">{texts.deleteWarning}</Notice>
        <p className="text-sm">{texts.deleteDetail}</p>
        <TextField
          label={texts.confirm(email)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          autoFocus
        />
        {remove.isError && <ErrorNotice error={remove.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{t.actions.cancel}</Button>
          <Button
            type="submit"
            look="danger"
            disabled={remove.isPending || typed.trim().toLowerCase() !== email.toLowerCase()}
          >
            {texts.delete}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Receipt({ receipt }: { receipt: AccountReceipt }) {
  return (
    <div role="status" className="text-sm">
      <p>{texts.receipt}</p>
      <dl className="mt-2 grid grid-cols-[1fr_auto] gap-y-1">
        {Object.entries(texts.counts).map(([name, label]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="text-right tabular-nums">
              {formatNumber(receipt[name as keyof typeof texts.counts])}
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-muted text-xs">{formatMoment(receipt.deleted_at)}</p>
    </div>
  )
}
