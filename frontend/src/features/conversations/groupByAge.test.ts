import { expect, it } from 'vitest'
import type { FoundConversation } from '@/lib/api/types'
import { groupByAge } from './groupByAge'

const NOW = new Date(2026, 5, 15, 12)

function conversation(id: string, daysAgo: number, pinned = false): FoundConversation {
  const at = new Date(NOW.getTime() - daysAgo * 86_400_000).toISOString()
  return {
    id,
    title: id,
    agent_slug: null,
    agent_name: null,
    created_at: at,
    updated_at: at,
    pinned,
    archived: false,
    excerpt: null,
  }
}

it('groups by age, with pins first and empty groups left out', () => {
  const groups = groupByAge(
    [
      conversation('now', 0),
      conversation('yesterday', 1),
      conversation('old', 400),
      conversation('pin', 90, true),
    ],
    NOW,
  )
  expect(groups.map((group) => [group.label, group.items.map((item) => item.id)])).toEqual([
    ['Pinned', ['pin']],
    ['Today', ['now']],
    ['Yesterday', ['yesterday']],
    ['Older', ['old']],
  ])
})
