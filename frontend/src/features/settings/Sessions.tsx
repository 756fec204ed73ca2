import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Monitor, Smartphone } from 'lucide-react'
import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Section } from '@/components/Section'
import { Skeleton } from '@/components/Skeleton'
import type { OpenSession, Page } from '@/lib/api/types'
import { formatMoment } from '@/lib/format'
import { settingsTexts } from '@/lib/i18n/settings'
import { useApi } from '@/lib/services'
import { browserOf, isPhone } from './browserOf'

const texts = settingsTexts.sessions

/** The browsers in which one is logged in; each can be logged out, and all the others together. */
export function Sessions() {
  const api = useApi()
  const queries = useQueryClient()
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => api.get<Page<OpenSession>>('/api/sessions', {}, signal),
    select: (page) => page.items,
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['sessions'] })
  const end = useMutation({
    mutationFn: (id: string) => api.delete<void>(`/api/sessions/${id}`),
    onSuccess: refresh,
  })
  const endOthers = useMutation({
    mutationFn: () => api.delete<{ ended: number }>('/api/sessions'),
    onSuccess: refresh,
  })
  const failure = end.error ?? endOthers.error

  return (
    <Section title={texts.title} intro={texts.intro}>
      {sessions.isPending ? (
        <Skeleton rows={2} />
      ) : sessions.isError ? (
        <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <>
          <ul
            aria-label={texts.title}
            className="divide-y divide-line rounded-xl border border-line bg-raised"
          >
            {sessions.data.map((session) => (
              <SessionItem
                key={session.id}
                session={session}
                onEnd={() => end.mutate(session.id)}
                busy={end.isPending}
              />
            ))}
          </ul>
          <div className="mt-3 flex flex-wrap items-center gap-3">
            <Button onClick={() => endOthers.mutate()} disabled={endOthers.isPending}>
              {texts.endOthers}
            </Button>
            <span role="status" className="text-sm">
              {endOthers.data && texts.endedOthers(endOthers.data.ended)}
            </span>
          </div>
        </>
      )}
      {failure && <ErrorNotice error={failure} className="mt-3" />}
    </Section>
  )
}

function SessionItem({ session, onEnd, busy }: { session: OpenSession; onEnd: () => void; busy: boolean }) {
  const name = browserOf(session.user_agent) ?? texts.browser
  const Icon = isPhone(session.user_agent) ? Smartphone : Monitor
  return (
    <li className="flex items-center gap-3 px-4 py-2.5 text-sm">
      <Icon size={18} className="shrink-0 text-muted" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {name} {session.current && <span className="font-normal text-muted">({texts.current})</span>}
        </p>
        <p className="text-muted text-xs">
          {[texts.since(formatMoment(session.created_at)), session.address].filter(Boolean).join(' · ')}
        </p>
      </div>
      {!session.current && (
        <Button look="plain" aria-label={texts.endOf(name)} onClick={onEnd} disabled={busy}>
          {texts.end}
        </Button>
      )}
    </li>
  )
}
