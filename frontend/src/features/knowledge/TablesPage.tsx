import { useQuery } from '@tanstack/react-query'
import { Table } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import type { Page, TableToAsk } from '@/lib/api/types'
import { formatNumber } from '@/lib/format'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useApi } from '@/lib/services'
import { AskTable } from './AskTable'
import { KnowledgeTabs } from './KnowledgeTabs'

const texts = knowledgeTexts.tables
const MOST = 100

/** The tables of documents, each of which can be asked in SQL. */
export function TablesPage() {
  const api = useApi()
  const [words, setWords] = useState('')
  const [asking, setAsking] = useState<TableToAsk | null>(null)
  const search = useDeferredValue(words.trim())
  const tables = useQuery({
    queryKey: ['tables', search],
    queryFn: ({ signal }) => api.get<Page<TableToAsk>>('/api/tables', { q: search, limit: MOST }, signal),
    select: (page) => page.items,
    placeholderData: (before) => before,
  })

  return (
    <PageFrame title={texts.title} intro={texts.intro}>
      <KnowledgeTabs />
      <TextField
        label={texts.search}
        hideLabel
        type="search"
        placeholder={texts.search}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {tables.isPending ? (
        <div className="mt-5">
          <Skeleton rows={6} />
        </div>
      ) : tables.isError ? (
        <ErrorNotice error={tables.error} onRetry={() => void tables.refetch()} className="mt-5" />
      ) : tables.data.length === 0 ? (
        <EmptyState
          title={search ? texts.nothing : texts.empty}
          {...(!search && { detail: texts.emptyDetail })}
        />
      ) : (
        <ul aria-label={texts.title} className="mt-4 grid gap-3">
          {tables.data.map((table) => (
            <li
              key={`${table.document_id}:${table.ordinal}`}
              className="flex flex-wrap items-center gap-3 rounded-xl border border-line bg-raised p-4 [contain-intrinsic-size:auto_96px] [content-visibility:auto]"
            >
              <Table size={19} className="shrink-0 text-muted" aria-hidden="true" />
              <div className="min-w-40 flex-1">
                <h2 className="font-medium [overflow-wrap:anywhere]">
                  {[table.title, table.label].filter(Boolean).join(' › ')}
                </h2>
                <p className="text-muted text-sm">
                  {texts.rows(formatNumber(table.row_count))} · {table.columns.join(', ')}
                </p>
              </div>
              <Button aria-label={texts.askOf(table.title)} onClick={() => setAsking(table)}>
                {texts.ask}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {asking && (
        <AskTable
          table={asking}
          siblings={(tables.data ?? []).filter((each) => each.document_id === asking.document_id)}
          onClose={() => setAsking(null)}
        />
      )}
    </PageFrame>
  )
}
