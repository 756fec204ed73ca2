import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Page, SharedLink } from '@/lib/api/types'
import { formatAgo, formatMoment } from '@/lib/format'
import { t } from '@/lib/i18n'
import { useApi } from '@/lib/services'
import { Button } from './Button'
import { LoadMore } from './LoadMore'
import { ErrorNotice } from './Notice'
import { Skeleton } from './Skeleton'

const texts = t.chat.links

interface SharedLinksProps {
  /** Only those of one conversation. */
  conversationId?: string
  /** Other people's too, for an administrator. */
  everybody?: boolean
  onRevoked?: () => void
}

/** Links by which conversations can be read, each with how often it was opened and a way to take it back. */
export function SharedLinks({ conversationId, everybody = false, onRevoked }: SharedLinksProps) {
  const api = useApi()
  const queries = useQueryClient()
  const links = useInfiniteQuery({
    queryKey: ['links', { conversationId, everybody }],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<SharedLink>>(
        '/api/links',
        { conversation_id: conversationId, everybody: everybody || undefined, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    select: (data) => data.pages.flatMap((page) => page.items),
  })
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete<void>(`/api/links/${id}`),
    onSuccess: () => {
      onRevoked?.()
      return queries.invalidateQueries({ queryKey: ['links'] })
    },
  })

  if (links.isPending) return <Skeleton rows={2} />
  if (links.isError) return <ErrorNotice error={links.error} onRetry={() => void links.refetch()} />
  if (links.data.length === 0) return <p className="text-muted text-sm">{texts.none}</p>
  return (
    <>
      {revoke.isError && <ErrorNotice error={revoke.error} className="mb-3" />}
      <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
        {links.data.map((link) => (
          <li key={link.id} className="flex items-center gap-3 px-4 py-2.5 text-sm">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{link.title || t.chat.untitled}</p>
              <p className="text-muted text-xs">
                {[
                  everybody && link.email,
                  <time key="made" dateTime={link.created_at} title={formatMoment(link.created_at)}>
                    {texts.made(formatAgo(link.created_at))}
                  </time>,
                  texts.views(link.views),
                  link.expires_at && texts.until(formatMoment(link.expires_at)),
                ]
                  .filter(Boolean)
                  .map((fact, index) => (
                    <span key={index}>
                      {index > 0 && ' · '}
                      {fact}
                    </span>
                  ))}
              </p>
            </div>
            <Button
              look="plainDanger"
              aria-label={texts.revokeOf(link.title || t.chat.untitled)}
              disabled={revoke.isPending}
              onClick={() => revoke.mutate(link.id)}
            >
              {texts.revoke}
            </Button>
          </li>
        ))}
      </ul>
      <LoadMore
        more={links.hasNextPage}
        busy={links.isFetchingNextPage}
        onMore={() => void links.fetchNextPage()}
      />
    </>
  )
}
