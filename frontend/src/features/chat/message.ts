import type { UIMessage } from 'ai'
import type { Citation, ProblemDocument, StoredMessage } from '@/lib/api/types'

interface Metadata {
  run_id?: string
  conversation_id?: string
  agent?: string
}

type DataParts = {
  citation: Citation
  /** A new title for the conversation; never kept in the message. */
  title: { title: string }
  /** What went wrong after the first byte; never kept in the message. */
  problem: ProblemDocument
}

/** A message of a conversation as the AI SDK holds it, with Roost's own parts. */
export type ChatMessage = UIMessage<Metadata, DataParts>

export type ChatPart = ChatMessage['parts'][number]

export function fromStored(stored: StoredMessage): ChatMessage {
  return {
    id: stored.id,
    role: stored.role,
    parts: stored.parts as ChatPart[],
    ...(stored.run && { metadata: { run_id: stored.run.id } }),
  }
}

/** The text of a message without its tools, reasoning and citations. */
export function textOf(message: ChatMessage): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n\n')
}

/** The citations of a message by number, each once. */
export function citationsOf(message: ChatMessage): Citation[] {
  const byNumber = new Map<number, Citation>()
  for (const part of message.parts) {
    if (part.type === 'data-citation') byNumber.set(part.data.n, part.data)
  }
  return [...byNumber.values()].sort((a, b) => a.n - b.n)
}
