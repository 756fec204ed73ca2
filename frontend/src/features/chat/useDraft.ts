import { useState } from 'react'

const PREFIX = 'roost-draft:'

/** A question that is not sent yet, kept in this browser over reloads. A new chat's draft is kept under one name. */
export function useDraft(conversationId: string): [string, (text: string) => void] {
  const key = PREFIX + (location.pathname === '/' ? 'new' : conversationId)
  const [text, setText] = useState(() => localStorage.getItem(key) ?? '')
  const keep = (next: string) => {
    setText(next)
    if (next) localStorage.setItem(key, next)
    else localStorage.removeItem(key)
  }
  return [text, keep]
}
