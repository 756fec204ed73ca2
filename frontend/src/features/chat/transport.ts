import { DefaultChatTransport } from 'ai'
import type { Api } from '@/lib/api/client'
import { problemFrom } from '@/lib/api/problem'
import type { ChatMessage } from './message'

/**
 * The AI SDK's transport against `/api/chat`. Only what is new is sent: the server has the history.
 * A stream that is picked up again is told from its beginning.
 */
export class ChatTransport extends DefaultChatTransport<ChatMessage> {
  override readonly resumeStreamIsReplay = true

  /** @param onAccepted called when the API has taken a question and kept it. */
  constructor(api: Api, onAccepted: () => void) {
    super({
      api: '/api/chat',
      fetch: async (input, init) => {
        const response = await api.fetch(input, init)
        if (!response.ok) throw await problemFrom(response)
        if (init?.method === 'POST') onAccepted()
        return response
      },
      prepareSendMessagesRequest: ({ id, messages, trigger, messageId, body }) => ({
        body: {
          ...body,
          id,
          trigger,
          messageId,
          messages: messages.slice(-1),
          // For another answer the last message is the question, and its own parent does not matter.
          ...(trigger === 'submit-message' && { parent_id: messages.at(-2)?.id ?? null }),
        },
      }),
    })
  }
}
