import { expect, it } from 'vitest'
import type { ConversationDetail, StoredMessage } from '@/lib/api/types'
import { fileNameOf, toMarkdown } from './exportConversation'

function message(id: string, parent_id: string | null, parts: StoredMessage['parts']): StoredMessage {
  const role = id.startsWith('q') ? 'user' : 'assistant'
  return { id, parent_id, role, parts, created_at: '2026-01-01T00:00:00Z', run: null, feedback: null }
}

const citation = { type: 'data-citation', data: { n: 1, title: 'House rules', place: 'page 3' } }
const conversation: ConversationDetail = {
  id: 'c',
  title: 'Quiet hours',
  agent_slug: 'guide',
  agent_name: 'Guide',
  pinned: false,
  archived: false,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  head_id: 'a2',
  active_run_id: null,
  messages: [
    message('q', null, [{ type: 'text', text: 'When?' }]),
    message('a1', 'q', [{ type: 'text', text: 'Another version.' }]),
    message('a2', 'q', [citation, { type: 'text', text: 'At ten [1].' }]),
  ],
}

it('writes the branch that is shown, with its sources', () => {
  expect(toMarkdown(conversation)).toBe(
    '# Quiet hours\n\n## You\n\nWhen?\n\n## Guide\n\nAt ten [1].\n\nSources:\n\n- [1] House rules, page 3\n',
  )
})

it('makes a file name that every file system takes', () => {
  expect(fileNameOf('a/b: "c"?')).toBe('ab c')
  expect(fileNameOf('???')).toBe('conversation')
})
