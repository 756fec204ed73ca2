import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { Dialog } from '@/components/Dialog'
import type { DocumentRow } from '@/lib/api/types'
import { formatMoment } from '@/lib/format'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useDeleteDocument } from './queries'

const texts = knowledgeTexts.documents

/** Asks, deletes, and shows the receipt of what was taken out. */
export function DeleteDocument({ row, onClose }: { row: DocumentRow; onClose: () => void }) {
  const remove = useDeleteDocument()
  const receipt = remove.data

  if (receipt) {
    return (
      <Dialog
        title={texts.receiptTitle}
        onClose={onClose}
        footer={
          <Button look="primary" onClick={onClose} autoFocus>
            {t.actions.close}
          </Button>
        }
      >
        <p role="status" className="text-sm">
          {texts.receipt(receipt.title, receipt.chunks_deleted, receipt.versions_deleted)}
        </p>
        <p className="mt-2 text-muted text-xs">{formatMoment(receipt.deleted_at)}</p>
      </Dialog>
    )
  }
  return (
    <ConfirmDialog
      title={texts.deleteTitle}
      confirm={texts.delete}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => row.id && remove.mutate(row.id)}
      onClose={onClose}
    >
      <p>{texts.deleteDetail(row.title)}</p>
    </ConfirmDialog>
  )
}
