import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ChatMessage } from './message'

/** This near to the end, in pixels, counts as being there. */
const NEAR = 60

/**
 * Keeps the end in view while an answer grows, until the reader scrolls up; a new question goes
 * back to the end.
 */
export function useStickToEnd(messages: ChatMessage[]) {
  const viewport = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const [atEnd, setAtEnd] = useState(true)

  const scrollToEnd = useCallback(() => {
    following.current = true
    viewport.current?.scrollTo({ top: viewport.current.scrollHeight })
  }, [])

  useEffect(() => {
    const element = viewport.current
    if (!element) return
    const onScroll = () => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
      following.current = near
      setAtEnd(near)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => element.removeEventListener('scroll', onScroll)
  }, [])

  useEffect(() => {
    if (!content.current) return
    const observer = new ResizeObserver(() => {
      if (following.current) viewport.current?.scrollTo({ top: viewport.current.scrollHeight })
    })
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [])

  const lastQuestion = messages.findLast((message) => message.role === 'user')?.id
  useLayoutEffect(scrollToEnd, [lastQuestion])

  return { viewport, content, atEnd, scrollToEnd }
}
