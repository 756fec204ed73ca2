import { ExternalLink, X } from 'lucide-react'
import { IconButton } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { PassageReader } from '@/components/PassageReader'
import { useMediaQuery } from '@/components/useMediaQuery'
import type { Citation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { placeWithin } from '@/lib/placeWithin'

/** The cited passage among its neighbours: beside the conversation, or as a sheet where there is no room. */
export function SourcePanel({ citation, onClose }: { citation: Citation; onClose: () => void }) {
  const wide = useMediaQuery('(min-width: 80rem)')
  const place = [placeWithin(citation.title, citation.place), citation.path].filter(Boolean).join(' · ')
  const content = (
    <>
      <div className="flex items-start gap-2 border-line border-b px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold text-sm">{citation.title}</h2>
          {place && <p className="truncate text-muted text-xs">{place}</p>}
        </div>
        {citation.uri && /^https?:/.test(citation.uri) && (
          <a
            href={citation.uri}
            target="_blank"
            rel="noreferrer"
            aria-label={t.chat.sources.openOriginal}
            title={t.chat.sources.openOriginal}
            className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
          >
            <ExternalLink size={16} aria-hidden="true" />
          </a>
        )}
        <IconButton label={t.chat.sources.close} icon={<X size={18} />} onClick={onClose} autoFocus={wide} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
        <PassageReader
          documentId={citation.document_id}
          ordinal={citation.ordinal}
          quoted={citation.passage}
        />
      </div>
    </>
  )
  if (!wide) {
    return (
      <Dialog title={citation.title} shape="bottom" bare onClose={onClose}>
        <div className="flex h-[75dvh] flex-col">{content}</div>
      </Dialog>
    )
  }
  return (
    <aside
      aria-label={t.chat.sources.title}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="flex w-104 shrink-0 flex-col border-line border-l bg-raised"
    >
      {content}
    </aside>
  )
}
