import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import { Button } from '@/components/Button'
import { LINK_BUTTON } from '@/components/linkButton'
import { ErrorNotice, Notice } from '@/components/Notice'
import { Section } from '@/components/Section'
import { Skeleton } from '@/components/Skeleton'
import type { DeadJob, Page, SourceRow } from '@/lib/api/types'
import { formatMoment } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { useApi } from '@/lib/services'

const texts = adminTexts.system

/** What works, but wants looking at: sources whose last run failed, files that could not be read, work given up. */
export function Warnings() {
  const api = useApi()
  const sources = useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => api.get<Page<SourceRow>>('/api/sources', {}, signal),
    select: (page) => page.items,
  })
  const jobs = useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => api.get<DeadJob[]>('/api/jobs', {}, signal),
  })
  const failure = sources.error ?? jobs.error

  return (
    <div className="mt-8">
      <Section title={texts.warnings}>
        {failure ? (
          <ErrorNotice
            error={failure}
            onRetry={() => void Promise.all([sources.refetch(), jobs.refetch()])}
          />
        ) : !sources.data || !jobs.data ? (
          <Skeleton rows={2} />
        ) : (
          <WarningList sources={sources.data} jobs={jobs.data} />
        )}
      </Section>
    </div>
  )
}

function WarningList({ sources, jobs }: { sources: SourceRow[]; jobs: DeadJob[] }) {
  const failing = sources.filter((source) => source.last_run?.error)
  const unread = sources.reduce(
    (sum, { files }) => sum + (files.failed ?? 0) + (files.dead ?? 0) + (files.unsupported ?? 0),
    0,
  )
  if (failing.length + unread + jobs.length === 0) {
    return <p className="text-muted text-sm">{texts.noWarnings}</p>
  }
  return (
    <div className="flex flex-col gap-3">
      {failing.map((source) => (
        <Notice key={source.id} tone="warn" title={texts.sourceFails(source.name)}>
          {source.last_run?.error}
        </Notice>
      ))}
      {unread > 0 && (
        <Notice
          tone="warn"
          title={texts.unread(unread)}
          action={
            <Link to="/documents" className={LINK_BUTTON}>
              {texts.toDocuments}
            </Link>
          }
        >
          {texts.unreadDetail}
        </Notice>
      )}
      {jobs.map((job) => (
        <Job key={job.id} job={job} />
      ))}
    </div>
  )
}

function Job({ job }: { job: DeadJob }) {
  const api = useApi()
  const queries = useQueryClient()
  const retry = useMutation({
    mutationFn: () => api.post<void>(`/api/jobs/${job.id}/retry`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
  return (
    <>
      <Notice
        tone="warn"
        title={texts.workFailed(job.kind.replaceAll('_', ' '), job.tries)}
        action={
          <Button onClick={() => retry.mutate()} disabled={retry.isPending}>
            {texts.tryWorkAgain}
          </Button>
        }
      >
        {[job.last_error, job.died_at && formatMoment(job.died_at)].filter(Boolean).join(' · ')}
      </Notice>
      {retry.isError && <ErrorNotice error={retry.error} />}
    </>
  )
}
