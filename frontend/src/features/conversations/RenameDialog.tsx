import type { FormEvent } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { t } from '@/lib/i18n'
import { useChangeConversation } from './queries'

export function RenameDialog({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const change = useChangeConversation()

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('title')).trim()
    if (name) change.mutate({ id, change: { title: name } }, { onSuccess: onClose })
  }

  return (
    <Dialog title={t.chat.list.rename} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextField
          label={t.chat.list.rename}
          hideLabel
          name="title"
          defaultValue={title}
          maxLength={200}
          required
          autoFocus
          onFocus={(event) => event.target.select()}
        />
        {change.isError && <ErrorNotice error={change.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.actions.cancel}</Button>
          <Button type="submit" look="primary" disabled={change.isPending}>
            {t.actions.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
