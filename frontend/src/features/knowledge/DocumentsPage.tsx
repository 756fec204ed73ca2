import { useDeferredValue, useState } from 'react'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { LoadMore } from '@/components/LoadMore'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import type { DocumentRow } from '@/lib/api/types'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { DeleteDocument } from './DeleteDocument'
import { DocumentFilters, NO_FILTER } from './DocumentFilters'
import { DocumentItem } from './DocumentItem'
import { KnowledgeTabs } from './KnowledgeTabs'
import { useDecideOnFile, useDocuments } from './queries'
import { ReadDocument } from './ReadDocument'
import { ShareDocument } from './ShareDocument'
import { AddButton, DropArea, UploadList } from './UploadArea'
import { useUploads } from './useUploads'

const texts = knowledgeTexts.documents

/** Every file that Roost knows of, with its state; files are added, read, tried again and deleted here. */
export function DocumentsPage() {
  const [filter, setFilter] = useState(NO_FILTER)
  const [open, setOpen] = useState<DocumentRow | null>(null)
  const [deleting, setDeleting] = useState<DocumentRow | null>(null)
  const [sharing, setSharing] = useState<DocumentRow | null>(null)
  const documents = useDocuments(useDeferredValue(filter))
  const decide = useDecideOnFile()
  const { uploads, add, dismiss } = useUploads()
  const isFiltered = filter.words !== '' || filter.state !== '' || filter.sourceId !== ''

  return (
    <DropArea onFiles={add}>
      <PageFrame title={texts.title} intro={texts.intro} action={<AddButton onFiles={add} />}>
        <KnowledgeTabs />
        <UploadList uploads={uploads} onDismiss={dismiss} />
        <DocumentFilters filter={filter} onChange={setFilter} />
        {decide.isError && <ErrorNotice error={decide.error} className="mt-4" />}
        {documents.isPending ? (
          <div className="mt-6">
            <Skeleton rows={8} height="h-6" />
          </div>
        ) : documents.isError ? (
          <ErrorNotice error={documents.error} onRetry={() => void documents.refetch()} className="mt-6" />
        ) : documents.data.length === 0 ? (
          <EmptyState
            title={isFiltered ? texts.nothingFound : texts.empty}
            detail={isFiltered ? texts.nothingFoundDetail : texts.emptyDetail}
            action={isFiltered && <Button onClick={() => setFilter(NO_FILTER)}>{texts.clear}</Button>}
          />
        ) : (
          <ul aria-label={texts.title} className="mt-3 border-line border-t">
            {documents.data.map((row) => (
              <DocumentItem
                key={`${row.source_id}:${row.external_id}`}
                row={row}
                onOpen={() => setOpen(row)}
                onDelete={() => setDeleting(row)}
                onShare={() => setSharing(row)}
                onDecide={(decision) => decide.mutate({ row, decision })}
              />
            ))}
          </ul>
        )}
        <LoadMore
          more={documents.hasNextPage}
          busy={documents.isFetchingNextPage}
          onMore={() => void documents.fetchNextPage()}
        />
      </PageFrame>
      {open && <ReadDocument row={open} onClose={() => setOpen(null)} />}
      {sharing && <ShareDocument row={sharing} onClose={() => setSharing(null)} />}
      {deleting && <DeleteDocument row={deleting} onClose={() => setDeleting(null)} />}
    </DropArea>
  )
}
