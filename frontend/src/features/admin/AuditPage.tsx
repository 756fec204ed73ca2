import { useInfiniteQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { TextField } from '@/components/Field'
import { LoadMore } from '@/components/LoadMore'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { AuditLine, Page } from '@/lib/api/types'
import { formatMoment } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { saveFile } from '@/lib/saveFile'
import { useApi } from '@/lib/services'
import { AdminFrame } from './AdminFrame'
import { toCsv } from './toCsv'

const texts = adminTexts.audit
const PAGE_SIZE = 100

interface Filter {
  action: string
  since: string
  until: string
}

function useAudit(filter: Filter) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<AuditLine>>(
        '/api/audit',
        {
          cursor: pageParam,
          limit: PAGE_SIZE,
          action: filter.action.trim(),
          since: filter.since && new Date(filter.since).toISOString(),
          until: filter.until && new Date(filter.until).toISOString(),
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: (before) => before,
    select: (data) => data.pages.flatMap((page) => page.items),
  })
}

/** Who changed what and when, newest first. */
export function AuditPage() {
  const [filter, setFilter] = useState<Filter>({ action: '', since: '', until: '' })
  const audit = useAudit(useDeferredValue(filter))
  const field = (name: keyof Filter) => ({
    value: filter[name],
    onChange: (event: { target: { value: string } }) => setFilter({ ...filter, [name]: event.target.value }),
  })

  return (
    <AdminFrame
      title={texts.title}
      intro={texts.intro}
      action={
        <Button
          icon={<Download size={16} aria-hidden="true" />}
          disabled={!audit.data?.length}
          onClick={() => saveFile('audit.csv', 'text/csv', toCsv(audit.data ?? []))}
        >
          {texts.export}
        </Button>
      }
    >
      <div className="mb-4 grid gap-2 sm:grid-cols-3">
        <TextField label={texts.action} placeholder={texts.actionHint} type="search" {...field('action')} />
        <TextField label={texts.since} type="datetime-local" {...field('since')} />
        <TextField label={texts.until} type="datetime-local" {...field('until')} />
      </div>
      {audit.isPending ? (
        <Skeleton rows={8} />
      ) : audit.isError ? (
        <ErrorNotice error={audit.error} onRetry={() => void audit.refetch()} />
      ) : audit.data.length === 0 ? (
        <EmptyState title={texts.empty} />
      ) : (
        <ol className="border-line border-t">
          {audit.data.map((line) => (
            <AuditItem key={line.id} line={line} />
          ))}
        </ol>
      )}
      <LoadMore
        more={audit.hasNextPage}
        busy={audit.isFetchingNextPage}
        onMore={() => void audit.fetchNextPage()}
      />
    </AdminFrame>
  )
}

function AuditItem({ line }: { line: AuditLine }) {
  const hasDetails = line.before !== null || line.after !== null
  return (
    <li className="grid gap-x-4 gap-y-1 border-line border-b py-2.5 text-sm [contain-intrinsic-size:auto_64px] [content-visibility:auto] sm:grid-cols-[11rem_1fr_1fr]">
      <time dateTime={line.at} className="text-muted">
        {formatMoment(line.at)}
      </time>
      <span className="truncate">{line.actor_email || texts.system}</span>
      <span>
        <code className="text-xs">{line.action}</code>{' '}
        <span className="text-muted">{line.subject_name || line.subject_id}</span>
      </span>
      {hasDetails && (
        <details className="col-span-full">
          <summary className="text-muted text-xs">{texts.details}</summary>
          <div className="mt-2 grid gap-3 sm:grid-cols-2">
            <Side label={texts.before} value={line.before} />
            <Side label={texts.after} value={line.after} />
          </div>
        </details>
      )}
    </li>
  )
}

function Side({ label, value }: { label: string; value: unknown }) {
  return (
    <div>
      <p className="text-muted text-xs">{label}</p>
      <pre className="overflow-x-auto whitespace-pre-wrap rounded-lg bg-sunken p-2 font-mono text-xs">
        {value === null || value === undefined ? '–' : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  )
}
