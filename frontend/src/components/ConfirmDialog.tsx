import type { ReactNode } from 'react'
import { t } from '@/lib/i18n'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { ErrorNotice } from './Notice'

interface ConfirmDialogProps {
  title: string
  children: ReactNode
  confirm: string
  /** What it does can be undone, and needs no warning colour. */
  harmless?: boolean
  busy: boolean
  error?: unknown
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be undone. The focus starts on the harmless button. */
export function ConfirmDialog({
  title,
  children,
  confirm,
  harmless = false,
  busy,
  error,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose} autoFocus>
            {t.actions.cancel}
          </Button>
          <Button look={harmless ? 'primary' : 'danger'} onClick={onConfirm} disabled={busy}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className="text-sm">{children}</div>
      {error != null && <ErrorNotice error={error} className="mt-3" />}
    </Dialog>
  )
}
