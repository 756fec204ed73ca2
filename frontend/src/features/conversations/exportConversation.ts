import type { ConversationDetail, StoredMessage } from '@/lib/api/types'
import { t } from '@/lib/i18n'

/** The branch that is shown, eldest message first. */
function shownBranch({ messages, head_id }: ConversationDetail): StoredMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const branch: StoredMessage[] = []
  for (
    let at = byId.get(head_id ?? '');
    at && branch.length <= messages.length;
    at = byId.get(at.parent_id ?? '')
  ) {
    branch.unshift(at)
  }
  return branch
}

/** The branch that is shown as Markdown, each answer with its sources. */
export function toMarkdown(conversation: ConversationDetail): string {
  const parts = shownBranch(conversation).map((message) => {
    const who = message.role === 'user' ? t.chat.you : (conversation.agent_name ?? t.chat.agent)
    return [`## ${who}`, textOf(message), sourcesOf(message)].filter(Boolean).join('\n\n')
  })
  return `${[`# ${conversation.title || t.chat.untitled}`, ...parts].join('\n\n')}\n`
}

function textOf(message: StoredMessage): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? String(part.text) : [])).join('\n\n')
}

function sourcesOf(message: StoredMessage): string {
  const lines = message.parts.flatMap((part) => {
    if (part.type !== 'data-citation') return []
    const { n, title, place } = part.data as { n: number; title: string; place: string | null }
    return `- [${n}] ${title}${place ? `, ${place}` : ''}`
  })
  return lines.length > 0 ? `${t.chat.sources.title}:\n\n${lines.join('\n')}` : ''
}

/** A name that every file system takes. */
export function fileNameOf(title: string): string {
  return (
    title
      .replace(/[^\p{L}\p{N} _-]+/gu, '')
      .trim()
      .slice(0, 80) || 'conversation'
  )
}
