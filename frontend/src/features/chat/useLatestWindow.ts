import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** Messages that are drawn at first, and drawn more each time one comes near the top. */
const STEP = 40

/**
 * Which messages are drawn: the newest ones, and earlier ones as they are scrolled to. A
 * conversation of thousands opens as quickly as a short one.
 */
export function useLatestWindow(count: number) {
  const [drawn, setDrawn] = useState(STEP)
  const sentinel = useRef<HTMLButtonElement>(null)
  const heightBefore = useRef<number | null>(null)
  const first = Math.max(0, count - drawn)

  const showEarlier = useCallback(() => {
    heightBefore.current = scroller(sentinel.current)?.scrollHeight ?? null
    setDrawn((now) => now + STEP)
  }, [])

  // Where the browser does not anchor by itself, what one reads must stay where it is.
  useLayoutEffect(() => {
    const viewport = scroller(sentinel.current)
    if (viewport && heightBefore.current !== null && viewport.scrollTop < 200) {
      viewport.scrollTop += viewport.scrollHeight - heightBefore.current
    }
    heightBefore.current = null
  }, [drawn])

  useEffect(() => {
    const element = sentinel.current
    if (!element || first === 0) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) showEarlier()
      },
      { root: scroller(element), rootMargin: '600px 0px 0px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [first, showEarlier])

  return { first, sentinel, showEarlier }
}

function scroller(element: HTMLElement | null): HTMLElement | null {
  return element?.closest('[role="log"]') ?? null
}
