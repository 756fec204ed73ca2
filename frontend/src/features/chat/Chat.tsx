import type { FileUIPart } from 'ai'
import { Suspense, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { EmptyState } from '@/components/EmptyState'
import { CitationsContext } from '@/components/markdown/CitationMarks'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { Waiting } from '@/components/Waiting'
import { asProblem } from '@/lib/api/problem'
import type { Citation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { part } from '@/lib/part'
import { useTitle } from '@/lib/useTitle'
import { Composer } from './Composer'
import { Greeting } from './Greeting'
import { useAgentChoice } from './useAgentChoice'
import { useConversation } from './useConversation'
import { unsent } from './useDraft'

/** Messages bring Markdown with them. A new chat has none: they are fetched when somebody begins to ask. */
const loadThread = () => import('./Thread')
/** What is fetched ahead of its need may fail: it is fetched again when it is needed. */
const foresee = () => void loadThread().catch(() => undefined)
const Thread = part(() => loadThread().then((module) => module.Thread))
const SourcePanel = part(() => import('./SourcePanel').then((module) => module.SourcePanel))

/** One conversation with its question box and, when a citation is open, its source beside it. */
export function Chat({ id, stored }: { id: string; stored: boolean }) {
  const navigate = useNavigate()
  const [citation, setCitation] = useState<Citation | null>(null)
  // A question that never arrived has made no conversation yet, though the page has its address.
  const [neverArrived] = useState(() => stored && unsent(id) !== null)
  const agent = useRef<string | undefined>(undefined)
  const conversation = useConversation({ id, stored, agent })
  const { detail, messages, send } = conversation
  const choice = useAgentChoice(detail.data?.agent_slug)
  useLayoutEffect(() => {
    agent.current = choice.slug
  }, [choice.slug])
  const openCitation = useCallback((chosen: Citation) => setCitation(chosen), [])

  useTitle(detail.data?.title)

  const onSend = (text: string, files: FileUIPart[] = []) => {
    void send(text, files)
    if (!stored) navigate(`/c/${id}`, { replace: true })
  }

  const empty = messages.length === 0
  const loading = stored && empty && detail.isPending
  const missing = empty && detail.isError && [404, 422].includes(asProblem(detail.error).status)
  const failed = empty && detail.isError && !(missing && neverArrived)

  return (
    <div className="flex min-h-0 flex-1">
      <section
        onInput={foresee}
        onPointerDown={foresee}
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
            {missing ? (
              <EmptyState page title={t.chat.notFound} detail={t.chat.notFoundDetail} />
            ) : (
              <ErrorNotice error={detail.error} onRetry={() => void detail.refetch()} />
            )}
          </div>
        ) : empty ? (
          <Greeting agent={choice.agent} onStarter={onSend} />
        ) : (
          <CitationsContext value={null}>
            <Suspense fallback={<Waiting rows={0} />}>
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
