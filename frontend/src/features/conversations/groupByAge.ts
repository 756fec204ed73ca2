import type { FoundConversation } from '@/lib/api/types'
import { t } from '@/lib/i18n'

const DAY = 86_400_000

export interface Group {
  label: string
  items: FoundConversation[]
}

/** Puts conversations under Pinned, Today, Yesterday and so on, keeping their order; empty groups are left out. */
export function groupByAge(conversations: FoundConversation[], now = new Date()): Group[] {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()
  const groups: (Group & { since: number })[] = [
    { label: t.chat.list.today, since: today, items: [] },
    { label: t.chat.list.yesterday, since: today - DAY, items: [] },
    { label: t.chat.list.week, since: today - 7 * DAY, items: [] },
    { label: t.chat.list.month, since: today - 30 * DAY, items: [] },
    { label: t.chat.list.older, since: Number.NEGATIVE_INFINITY, items: [] },
  ]
  const pinned: Group = { label: t.chat.list.pinned, items: [] }
  for (const conversation of conversations) {
    const at = Date.parse(conversation.updated_at)
    const group = conversation.pinned ? pinned : groups.find((candidate) => at >= candidate.since)
    group?.items.push(conversation)
  }
  return [pinned, ...groups].filter((group) => group.items.length > 0)
}
