import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Folder, HardDrive, MoreHorizontal, RotateCw, Trash2, Upload, Users } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { Menu } from '@/components/Menu'
import { ErrorNotice, Notice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import type { FileState, SourceRow } from '@/lib/api/types'
import { formatAgo, formatMoment, formatSeconds, formatTime } from '@/lib/format'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useMe } from '@/lib/queries'
import { useApi } from '@/lib/services'
import { DeleteSource } from './DeleteSource'
import { KnowledgeTabs } from './KnowledgeTabs'
import { useSources } from './queries'
import { ShareSource } from './ShareSource'
import { StateBadge } from './StateBadge'

const texts = knowledgeTexts.sources
const ICONS = { local: Folder, google_drive: HardDrive, upload: Upload }
/** A run that is due may begin so much later, in seconds beside two intervals, before somebody should look into it. */
const OVERDUE_S = 60
const SHOWN: FileState[] = ['ready', 'pending', 'failed', 'dead', 'unsupported', 'ignored']

/** Where documents come from, and how the last run over each went. */
export function SourcesPage() {
  const sources = useSources({ follow: true })
  return (
    <PageFrame title={texts.title} intro={texts.intro}>
      <KnowledgeTabs />
      {sources.isPending ? (
        <Skeleton rows={6} />
      ) : sources.isError ? (
        <ErrorNotice error={sources.error} onRetry={() => void sources.refetch()} />
      ) : sources.data.length === 0 ? (
        <EmptyState title={texts.empty} detail={texts.emptyDetail} />
      ) : (
        <ul className="grid gap-3">
          {sources.data.map((source) => (
            <SourceCard key={source.id} source={source} />
          ))}
        </ul>
      )}
    </PageFrame>
  )
}

function SourceCard({ source }: { source: SourceRow }) {
  const isAdmin = useMe().data?.role === 'admin'
  const sync = useSync(source.id)
  const [asking, setAsking] = useState<'share' | 'delete' | null>(null)
  const Icon = ICONS[source.kind]
  const run = source.last_run
  const counts = SHOWN.filter((state) => (source.files[state] ?? 0) > 0)
  return (
    <li className="rounded-xl border border-line bg-raised p-4">
      <div className="flex flex-wrap items-start gap-3">
        <Icon size={20} className="mt-0.5 text-muted" aria-hidden="true" />
        <div className="min-w-40 flex-1">
          <h2 className="font-medium">{source.name}</h2>
          <p className="text-muted text-sm">
            {texts.kinds[source.kind]} · {texts.visibility[source.visibility]}
          </p>
        </div>
        {isAdmin && (
          <Button
            icon={<RotateCw size={15} aria-hidden="true" />}
            disabled={sync.isPending || run?.running}
            onClick={() => sync.mutate()}
          >
            {run?.running ? texts.running : texts.sync}
          </Button>
        )}
        {isAdmin && source.kind !== 'upload' && (
          <Menu
            label={texts.actions(source.name)}
            className="inline-flex size-9 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
            items={[
              {
                label: knowledgeTexts.sharing.source,
                icon: <Users size={16} />,
                onSelect: () => setAsking('share'),
              },
              {
                label: texts.delete,
                icon: <Trash2 size={16} />,
                danger: true,
                onSelect: () => setAsking('delete'),
              },
            ]}
          >
            <MoreHorizontal size={17} />
          </Menu>
        )}
      </div>
      <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-2 text-sm">
        {counts.map((state) => (
          <li key={state} className="flex items-center gap-1.5 tabular-nums">
            {source.files[state]} <StateBadge state={state} />
          </li>
        ))}
        {counts.length === 0 && <li className="text-muted">{texts.noFiles}</li>}
      </ul>
      {!run?.checked_at && <p className="mt-3 text-muted text-sm">{texts.never}</p>}
      {run?.checked_at && (
        <p className="mt-3 text-muted text-sm" title={texts.schedule}>
          <time dateTime={run.checked_at} title={formatMoment(run.checked_at)}>
            {texts.checked(formatAgo(run.checked_at))}
          </time>{' '}
          {texts.lastRun(run.files_processed, run.files_deleted, run.files_failed)}
        </p>
      )}
      <NextRun source={source} />
      {run?.error && (
        <Notice tone="error" title={texts.runFailed} className="mt-3">
          {run.error}
        </Notice>
      )}
      {asking === 'share' && <ShareSource source={source} onClose={() => setAsking(null)} />}
      {asking === 'delete' && <DeleteSource source={source} onClose={() => setAsking(null)} />}
      {sync.isSuccess && (
        <p className="mt-2 text-muted text-sm">{source.next_run_at ? texts.syncAsked : texts.syncNoted}</p>
      )}
      {sync.isError && <ErrorNotice error={sync.error} className="mt-3" />}
    </li>
  )
}

/** When the source is looked at next, as far as Roost knows: a schedule outside of it tells nobody. */
function NextRun({ source }: { source: SourceRow }) {
  const at = source.next_run_at
  if (source.last_run?.running) return null
  if (!at) return <p className="mt-1 text-muted text-sm">{texts.nextBySchedule}</p>
  const every = source.check_interval ?? 0
  if (Date.parse(at) + (OVERDUE_S + 2 * every) * 1000 < Date.now()) {
    return <p className="mt-1 text-danger text-sm">{texts.overdue(formatMoment(at))}</p>
  }
  return (
    <p className="mt-1 text-muted text-sm">
      <time dateTime={at}>{texts.next(formatTime(at), formatSeconds(every))}</time>
    </p>
  )
}

function useSync(id: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<unknown>(`/api/sources/${id}/sync`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sources'] }),
  })
}
