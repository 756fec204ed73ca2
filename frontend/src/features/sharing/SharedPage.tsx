import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useParams } from 'react-router'
import { EmptyState } from '@/components/EmptyState'
import { Mark } from '@/components/Logo'
import { LINK_BUTTON } from '@/components/linkButton'
import { Markdown } from '@/components/markdown/Markdown'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { asProblem } from '@/lib/api/problem'
import type { SharedConversation } from '@/lib/api/types'
import { formatMoment } from '@/lib/format'
import { t } from '@/lib/i18n'
import { placeWithin } from '@/lib/placeWithin'
import { useApi } from '@/lib/services'
import { useTitle } from '@/lib/useTitle'

const texts = t.chat.links

/** A conversation as whoever has its link reads it: without an account, and without a way to go on. */
export function SharedPage() {
  const { token = '' } = useParams()
  const api = useApi()
  const shared = useQuery({
    queryKey: ['shared', token],
    queryFn: ({ signal }) =>
      api.get<SharedConversation>(`/api/shared/${encodeURIComponent(token)}`, {}, signal),
    // Each look is counted.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  useTitle(shared.data?.title || t.chat.untitled)
  useNotForSearchEngines()

  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between border-line border-b px-4 py-2.5">
        <span className="flex items-center gap-2 font-semibold font-serif">
          <Mark className="size-6" />
          {t.product}
        </span>
        <Link to="/" className={LINK_BUTTON}>
          {texts.toRoost}
        </Link>
      </header>
      <main className="mx-auto w-full max-w-3xl flex-1 px-5 pt-8 pb-16">
        {shared.isPending ? (
          <Skeleton rows={8} />
        ) : shared.isError ? (
          asProblem(shared.error).status >= 500 || asProblem(shared.error).status === 0 ? (
            <ErrorNotice error={shared.error} onRetry={() => void shared.refetch()} />
          ) : (
            <EmptyState page title={texts.gone} detail={texts.goneDetail} />
          )
        ) : (
          <SharedThread conversation={shared.data} />
        )}
      </main>
    </div>
  )
}

function SharedThread({ conversation }: { conversation: SharedConversation }) {
  return (
    <>
      <h1 className="font-semibold font-serif text-2xl tracking-tight">
        {conversation.title || t.chat.untitled}
      </h1>
      <p className="mt-1 mb-8 text-muted text-sm">
        {texts.shownSince(formatMoment(conversation.created_at))}
      </p>
      <div className="space-y-6">
        {conversation.messages.map((message, index) =>
          message.role === 'user' ? (
            <article key={index} aria-label={t.chat.you} className="flex justify-end">
              <p className="max-w-[85%] whitespace-pre-wrap rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 [overflow-wrap:anywhere]">
                {message.text}
              </p>
            </article>
          ) : (
            <article key={index} aria-label={t.chat.agent} className="[contain:layout_style]">
              <h2 className="sr-only">{conversation.agent_name ?? t.chat.agent}</h2>
              <Markdown source={message.text} />
              {message.sources.length > 0 && (
                <ul aria-label={t.chat.sources.title} className="mt-3 flex flex-col gap-1 text-muted text-xs">
                  {pointedAt(message).map((source) => (
                    <li key={source.n}>
                      [{source.n}]{' '}
                      {[source.title, placeWithin(source.title, source.place)].filter(Boolean).join(', ')}
                    </li>
                  ))}
                </ul>
              )}
            </article>
          ),
        )}
      </div>
    </>
  )
}

/** Of what was read for an answer, what it points at; all of it where it points at nothing. */
function pointedAt({ sources, text }: SharedConversation['messages'][number]) {
  const cited = sources.filter((source) => text.includes(`[${source.n}]`))
  return cited.length > 0 ? cited : sources
}

/** A link that somebody was given is not to be found by others. */
function useNotForSearchEngines() {
  useEffect(() => {
    const robots = document.createElement('meta')
    robots.name = 'robots'
    robots.content = 'noindex'
    document.head.append(robots)
    return () => robots.remove()
  }, [])
}
