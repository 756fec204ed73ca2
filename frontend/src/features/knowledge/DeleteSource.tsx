import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { Dialog } from '@/components/Dialog'
import type { SourceReceipt, SourceRow } from '@/lib/api/types'
import { formatMoment } from '@/lib/format'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useApi } from '@/lib/services'

const texts = knowledgeTexts.sources

/** Asks, deletes a source with all it brought, and shows the receipt. */
export function DeleteSource({ source, onClose }: { source: SourceRow; onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => api.delete<SourceReceipt>(`/api/sources/${source.id}`),
  })
  const receipt = remove.data
  const close = () => {
    if (receipt) {
      void queries.invalidateQueries({ queryKey: ['sources'] })
      void queries.invalidateQueries({ queryKey: ['documents'] })
    }
    onClose()
  }

  if (receipt) {
    return (
      <Dialog
        title={texts.receiptTitle}
        onClose={close}
        footer={
          <Button look="primary" onClick={close} autoFocus>
            {t.actions.close}
          </Button>
        }
      >
        <p role="status" className="text-sm">
          {texts.receipt(receipt.name, receipt.documents_deleted, receipt.chunks_deleted)}
        </p>
        <p className="mt-2 text-muted text-xs">{formatMoment(receipt.deleted_at)}</p>
      </Dialog>
    )
  }
  return (
    <ConfirmDialog
      title={texts.deleteTitle(source.name)}
      confirm={texts.delete}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={close}
    >
      {texts.deleteDetail}
    </ConfirmDialog>
  )
}
