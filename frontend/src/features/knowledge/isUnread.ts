import type { DocumentRow } from '@/lib/api/types'

const UNREAD = new Set<DocumentRow['state']>(['failed', 'dead', 'unsupported'])

/** Whether Roost tried to read a file and could not. */
export function isUnread(row: DocumentRow): boolean {
  return UNREAD.has(row.state)
}
