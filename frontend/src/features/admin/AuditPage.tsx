import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { Select, TextField } from '@/components/Field'
import { LoadMore } from '@/components/LoadMore'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { Api } from '@/lib/api/client'
import type { AuditLine, Page } from '@/lib/api/types'
import { formatMoment } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { usePeople } from '@/lib/people'
import { saveFile } from '@/lib/saveFile'
import { useApi } from '@/lib/services'
import { AdminFrame } from './AdminFrame'
import { toCsv } from './toCsv'

const texts = adminTexts.audit
const PAGE_SIZE = 100
const EXPORT_PAGE = 200
const MOST_EXPORTED = 20_000

/** What is often looked for; any other can be typed. */
const ACTIONS = [
  ...['create', 'change', 'deploy', 'roll_back', 'pause', 'resume', 'delete'].map((verb) => `agent.${verb}`),
  ...['create', 'revoke'].flatMap((verb) => [`api_key.${verb}`, `share.${verb}`, `invitation.${verb}`]),
  ...['budget.set', 'budget.delete', 'document.share', 'group.create', 'group.members', 'group.delete'],
  ...['invitation.accept', 'person.change', 'person.delete'],
]

interface Filter {
  action: string
  /** The id of a person; empty: anybody. */
  actor: string
  since: string
  until: string
}

function read(api: Api, filter: Filter, cursor: string | null, limit: number, signal?: AbortSignal) {
  const moment = (local: string) => local && new Date(local).toISOString()
  return api.get<Page<AuditLine>>(
    '/api/audit',
    {
      cursor,
      limit,
      action: filter.action.trim(),
      actor_id: filter.actor,
      since: moment(filter.since),
      until: moment(filter.until),
    },
    signal,
  )
}

/** Saves every line that fits the filter, not only those that are shown; the newest 20,000 at most. */
function useExport(filter: Filter) {
  const api = useApi()
  return useMutation({
    mutationFn: async () => {
      const lines: AuditLine[] = []
      let cursor: string | null = null
      do {
        const page: Page<AuditLine> = await read(api, filter, cursor, EXPORT_PAGE)
        lines.push(...page.items)
        cursor = page.next_cursor ?? null
      } while (cursor !== null && lines.length < MOST_EXPORTED)
      saveFile('audit.csv', 'text/csv', toCsv(lines))
    },
  })
}

function useAudit(filter: Filter) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => read(api, filter, pageParam, PAGE_SIZE, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: (before) => before,
    select: (data) => data.pages.flatMap((page) => page.items),
  })
}

/** Who changed what and when, newest first. */
export function AuditPage() {
  const [filter, setFilter] = useState<Filter>({ action: '', actor: '', since: '', until: '' })
  const audit = useAudit(useDeferredValue(filter))
  const take = useExport(filter)
  const people = usePeople('').data ?? []
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
          disabled={!audit.data?.length || take.isPending}
          onClick={() => take.mutate()}
        >
          {texts.export}
        </Button>
      }
    >
      {take.isError && <ErrorNotice error={take.error} className="mb-4" />}
      <div className="mb-4 grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
        <TextField
          label={texts.action}
          placeholder={texts.actionHint}
          type="search"
          list="audit-actions"
          {...field('action')}
        />
        <datalist id="audit-actions">
          {ACTIONS.map((action) => (
            <option key={action} value={action} />
          ))}
        </datalist>
        <Select label={texts.who} {...field('actor')}>
          <option value="">{texts.anybody}</option>
          {people.map((person) => (
            <option key={person.user_id} value={person.user_id}>
              {person.email}
            </option>
          ))}
        </Select>
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
