import { useInfiniteQuery } from '@tanstack/react-query'
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useState } from 'react'
import { EmptyState } from '@/components/EmptyState'
import { Select } from '@/components/Field'
import { LoadMore } from '@/components/LoadMore'
import { Markdown } from '@/components/markdown/Markdown'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { FeedbackLine, Page } from '@/lib/api/types'
import { formatAgo, formatMoment } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { agentsTexts } from '@/lib/i18n/agents'
import { useAgents } from '@/lib/queries'
import { useApi } from '@/lib/services'
import { AdminFrame } from './AdminFrame'

const texts = adminTexts.feedback

interface Filter {
  rating: '' | FeedbackLine['rating']
  agentId: string
}

function useFeedback(filter: Filter) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['feedback', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<FeedbackLine>>(
        '/api/feedback',
        { rating: filter.rating, agent_id: filter.agentId, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    select: (data) => data.pages.flatMap((page) => page.items),
    placeholderData: (before) => before,
  })
}

/** What people think of answers, newest first. */
export function FeedbackPage() {
  const [filter, setFilter] = useState<Filter>({ rating: '', agentId: '' })
  const feedback = useFeedback(filter)
  const agents = useAgents().data ?? []
  return (
    <AdminFrame title={texts.title} intro={texts.intro}>
      <div className="mb-5 grid gap-2 sm:grid-cols-2">
        <Select
          label={texts.rating}
          value={filter.rating}
          onChange={(event) => setFilter({ ...filter, rating: event.target.value as Filter['rating'] })}
        >
          <option value="">{texts.all}</option>
          <option value="up">{texts.ratings.up}</option>
          <option value="down">{texts.ratings.down}</option>
        </Select>
        <Select
          label={texts.agent}
          value={filter.agentId}
          onChange={(event) => setFilter({ ...filter, agentId: event.target.value })}
        >
          <option value="">{texts.allAgents}</option>
          {agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name}
            </option>
          ))}
        </Select>
      </div>
      {feedback.isPending ? (
        <Skeleton rows={6} />
      ) : feedback.isError ? (
        <ErrorNotice error={feedback.error} onRetry={() => void feedback.refetch()} />
      ) : feedback.data.length === 0 ? (
        <EmptyState title={texts.empty} detail={texts.emptyDetail} />
      ) : (
        <ul aria-label={texts.title} className="grid gap-3">
          {feedback.data.map((line) => (
            <FeedbackItem key={line.message_id} line={line} />
          ))}
        </ul>
      )}
      <LoadMore
        more={feedback.hasNextPage}
        busy={feedback.isFetchingNextPage}
        onMore={() => void feedback.fetchNextPage()}
      />
    </AdminFrame>
  )
}

function FeedbackItem({ line }: { line: FeedbackLine }) {
  const Thumb = line.rating === 'up' ? ThumbsUp : ThumbsDown
  const version = line.deployment_number ? agentsTexts.versions.number(line.deployment_number) : null
  return (
    <li className="flex gap-3 rounded-xl border border-line bg-raised p-4 text-sm [contain-intrinsic-size:auto_96px] [content-visibility:auto]">
      <Thumb
        size={18}
        className={line.rating === 'up' ? 'mt-0.5 shrink-0 text-accent' : 'mt-0.5 shrink-0 text-danger'}
        aria-label={texts.ratings[line.rating]}
      />
      <div className="min-w-0 flex-1">
        <p className={line.comment ? 'whitespace-pre-wrap [overflow-wrap:anywhere]' : 'text-muted'}>
          {line.comment || texts.noComment}
        </p>
        <p className="mt-1 text-muted text-xs">
          {[line.email, line.agent_name, version, line.model].filter(Boolean).join(' · ')}
          {' · '}
          <time dateTime={line.updated_at} title={formatMoment(line.updated_at)}>
            {formatAgo(line.updated_at)}
          </time>
        </p>
        {line.answer !== null && (
          <details className="mt-2">
            <summary className="text-muted text-xs">{texts.words}</summary>
            <div className="mt-2 space-y-3 rounded-lg bg-sunken p-3">
              <p className="whitespace-pre-wrap font-medium [overflow-wrap:anywhere]">{line.question}</p>
              <Markdown source={line.answer} />
            </div>
          </details>
        )}
      </div>
    </li>
  )
}
