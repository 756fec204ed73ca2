import { ArrowDown } from 'lucide-react'
import { type RefObject, useLayoutEffect, useRef } from 'react'
import { ErrorNotice, Notice } from '@/components/Notice'
import { problemOf } from '@/lib/api/problem'
import type { Citation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { Message } from './Message'
import type { ConversationState } from './useConversation'
import { useLatestWindow } from './useLatestWindow'
import { useStickToEnd } from './useStickToEnd'

interface ThreadProps {
  conversation: ConversationState
  onOpenCitation: (citation: Citation) => void
}

/** The messages of the branch that is shown, newest at the end; earlier ones are drawn as one scrolls up. */
export function Thread({ conversation, onOpenCitation }: ThreadProps) {
  const { messages, busy, status, problem } = conversation
  const { first, sentinel, showEarlier } = useLatestWindow(messages.length)
  const stick = useStickToEnd(messages)
  const actions = useLatest(conversation)
  const last = messages.at(-1)
  const lastRun = last && conversation.run(last.id)
  const waiting = status === 'submitted' || (status === 'streaming' && last?.role === 'user')

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={stick.viewport}
        className="h-full overflow-y-auto [overflow-anchor:none]"
        role="log"
        aria-label={t.chat.log}
        aria-busy={busy}
        tabIndex={0}
      >
        <div ref={stick.content} className="mx-auto w-full max-w-3xl space-y-6 px-5 pt-6 pb-10">
          {first > 0 && (
            <button
              ref={sentinel}
              type="button"
              onClick={showEarlier}
              className="mx-auto block text-muted text-sm underline"
            >
              {t.chat.earlier}
            </button>
          )}
          {messages.slice(first).map((message, offset) => {
            const index = first + offset
            const isLast = index === messages.length - 1
            const siblings = conversation.siblings(messages[index - 1]?.id ?? null)
            return (
              <Message
                key={message.id}
                message={message}
                branches={siblings.includes(message.id) ? siblings : [...siblings, message.id]}
                run={conversation.run(message.id)}
                feedback={conversation.feedback(message.id)}
                streaming={isLast && busy}
                disabled={busy}
                actions={actions}
                onOpenCitation={onOpenCitation}
              />
            )
          })}
          {waiting && (
            <p role="status" className="animate-pulse text-muted text-sm">
              {t.chat.thinking}
            </p>
          )}
          {conversation.reconnecting && (
            <Notice tone="warn" role="status">
              {t.chat.reconnecting}
            </Notice>
          )}
          {!busy && (problem || lastRun?.error) && (
            <ErrorNotice
              error={problem ?? problemOf(lastRun?.error)}
              onRetry={() => void conversation.retry()}
            />
          )}
        </div>
      </div>
      {!stick.atEnd && (
        <button
          type="button"
          onClick={stick.scrollToEnd}
          aria-label={t.chat.scrollDown}
          title={t.chat.scrollDown}
          className="absolute bottom-3 left-1/2 inline-flex size-9 -translate-x-1/2 items-center justify-center rounded-full border border-line bg-raised text-muted shadow-float hover:text-ink"
        >
          <ArrowDown size={18} aria-hidden="true" />
        </button>
      )}
    </div>
  )
}

/** What handlers of messages act on, always the newest, so that messages need not be drawn again for it. */
function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value)
  useLayoutEffect(() => {
    latest.current = value
  })
  return latest
}
