import { memo, type RefObject } from 'react'
import type { Citation, MessageFeedback, RunSummary } from '@/lib/api/types'
import { Answer } from './Answer'
import type { ChatMessage } from './message'
import { Question } from './Question'
import type { ConversationState } from './useConversation'

export interface MessageProps {
  message: ChatMessage
  /** The ids of all versions of this message, itself among them. */
  branches: string[]
  run: RunSummary | null
  feedback: MessageFeedback | null
  streaming: boolean
  /** While an answer runs, nothing else can be begun. */
  disabled: boolean
  actions: RefObject<ConversationState>
  onOpenCitation: (citation: Citation) => void
}

/** A message is drawn again only when it has changed: thousands of others stand above the one that streams. */
export const Message = memo(
  function Message(props: MessageProps) {
    return props.message.role === 'user' ? <Question {...props} /> : <Answer {...props} />
  },
  (a, b) =>
    a.message === b.message &&
    a.run === b.run &&
    a.feedback === b.feedback &&
    a.streaming === b.streaming &&
    a.disabled === b.disabled &&
    a.branches.join() === b.branches.join(),
)
