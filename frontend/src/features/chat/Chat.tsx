import type { FileUIPart } from 'ai'
import { lazy, Suspense, useCallback, useState } from 'react'
import { useNavigate } from 'react-router'
import { EmptyState } from '@/components/EmptyState'
import { CitationsContext } from '@/components/markdown/CitationMarks'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { asProblem } from '@/lib/api/problem'
import type { Citation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { useTitle } from '@/lib/useTitle'
import { Composer } from './Composer'
import { Greeting } from './Greeting'
import { useAgentChoice } from './useAgentChoice'
import { useConversation } from './useConversation'

/** Messages bring Markdown with them. A new chat has none: they are fetched when somebody begins to ask. */
const loadThread = () => import('./Thread')
const Thread = lazy(() => loadThread().then((module) => ({ default: module.Thread })))
const SourcePanel = lazy(() => import('./SourcePanel').then((module) => ({ default: module.SourcePanel })))

/** One conversation with its question box and, when a citation is open, its source beside it. */
export function Chat({ id, stored }: { id: string; stored: boolean }) {
  const navigate = useNavigate()
  const [citation, setCitation] = useState<Citation | null>(null)
  const choice = useAgentChoice()
  const conversation = useConversation({ id, stored, agent: choice.slug })
  const { detail, messages, send } = conversation
  const openCitation = useCallback((chosen: Citation) => setCitation(chosen), [])

  useTitle(detail.data?.title)

  const onSend = (text: string, files: FileUIPart[] = []) => {
    void send(text, files)
    if (!stored) navigate(`/c/${id}`, { replace: true })
  }

  const empty = messages.length === 0
  const loading = stored && empty && detail.isPending
  const failed = empty && detail.isError

  return (
    <div className="flex min-h-0 flex-1">
      <section
        onInput={() => void loadThread()}
        onPointerDown={() => void loadThread()}
        className="flex min-w-0 flex-1 flex-col"
        aria-label={detail.data?.title || t.chat.untitled}
      >
        {!empty && <h1 className="sr-only">{detail.data?.title || t.chat.untitled}</h1>}
        {loading ? (
          <div className="mx-auto w-full max-w-3xl flex-1 px-5 py-10">
            <Skeleton rows={7} />
          </div>
        ) : failed ? (
          <div className="mx-auto w-full max-w-xl flex-1 px-5 py-10">
            {asProblem(detail.error).status === 404 ? (
              <EmptyState page title={t.chat.notFound} detail={t.chat.notFoundDetail} />
            ) : (
              <ErrorNotice error={detail.error} onRetry={() => void detail.refetch()} />
            )}
          </div>
        ) : empty ? (
          <Greeting agent={choice.agent} onStarter={onSend} />
        ) : (
          <CitationsContext value={null}>
            <Suspense fallback={<div className="flex-1" />}>
              <Thread conversation={conversation} onOpenCitation={openCitation} />
            </Suspense>
          </CitationsContext>
        )}
        {!failed && (
          <Composer
            id={id}
            busy={conversation.busy}
            onSend={onSend}
            onStop={() => void conversation.stop()}
            choice={choice}
            autoFocus={empty}
          />
        )}
      </section>
      {citation && (
        <Suspense>
          <SourcePanel
            key={`${citation.document_id}:${citation.ordinal}`}
            citation={citation}
            onClose={() => setCitation(null)}
          />
        </Suspense>
      )}
    </div>
  )
}
