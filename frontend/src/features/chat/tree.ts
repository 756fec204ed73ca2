import type { StoredMessage } from '@/lib/api/types'

/**
 * The messages of a conversation are a tree: an edited question or another answer is a new child of
 * the same parent. What is shown is the path from the root to the head.
 */
export function pathTo(messages: StoredMessage[], headId: string | null): StoredMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const path: StoredMessage[] = []
  let at = headId === null ? undefined : byId.get(headId)
  while (at && path.length <= messages.length) {
    path.unshift(at)
    at = at.parent_id === null ? undefined : byId.get(at.parent_id)
  }
  return path
}

/** The ids of the alternatives to each message, in the order they were made: parent id → children. */
export function childrenByParent(messages: StoredMessage[]): Map<string | null, string[]> {
  const children = new Map<string | null, string[]>()
  for (const message of messages) {
    const siblings = children.get(message.parent_id)
    if (siblings) siblings.push(message.id)
    else children.set(message.parent_id, [message.id])
  }
  return children
}

/** The end of the branch that starts at a message: always the newest child. */
export function newestLeaf(messages: StoredMessage[], startId: string): string {
  const children = childrenByParent(messages)
  let leaf = startId
  for (let next = children.get(leaf)?.at(-1); next; next = children.get(leaf)?.at(-1)) leaf = next
  return leaf
}
