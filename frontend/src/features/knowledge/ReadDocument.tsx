import { Dialog } from '@/components/Dialog'
import { PassageReader } from '@/components/PassageReader'
import type { DocumentRow } from '@/lib/api/types'
import { knowledgeTexts } from '@/lib/i18n/knowledge'

/** A document as the agents read it, from its beginning. */
export function ReadDocument({ row, onClose }: { row: DocumentRow; onClose: () => void }) {
  const facts = [
    row.source_name,
    row.version !== null && knowledgeTexts.documents.version(row.version),
    row.chunks !== null && knowledgeTexts.documents.passages(row.chunks),
  ].filter(Boolean)
  return (
    <Dialog title={row.title} shape="wide" onClose={onClose}>
      <p className="mb-3 text-muted text-xs">{facts.join(' · ')}</p>
      {row.id && <PassageReader documentId={row.id} ordinal={0} />}
    </Dialog>
  )
}
