import { useState } from 'react'

const PREFIX = 'roost-draft:'
const UNSENT = 'roost-unsent:'

/** A question that is not sent yet, kept in this browser over reloads. A new chat's draft is kept under one name. */
export function useDraft(conversationId: string): [string, (text: string) => void] {
  const key = PREFIX + (location.pathname === '/' ? 'new' : conversationId)
  const [text, setText] = useState(() => localStorage.getItem(key) ?? unsent(conversationId) ?? '')
  const keep = (next: string) => {
    setText(next)
    if (next) localStorage.setItem(key, next)
    else localStorage.removeItem(key)
  }
  return [text, keep]
}

/** A question that was sent and that the server has not acknowledged: a page that is loaded again offers it once more. */
export function unsent(conversationId: string): string | null {
  return localStorage.getItem(UNSENT + conversationId)
}

/** Keeps a question until the server has it. */
export function keepUnsent(conversationId: string, text: string): void {
  localStorage.setItem(UNSENT + conversationId, text)
}

/** Forgets it: the server has it, or somebody has taken it back. */
export function forgetUnsent(conversationId: string): void {
  localStorage.removeItem(UNSENT + conversationId)
}
