import { startTransition, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** Messages that are drawn when a conversation opens, and drawn more each time one comes near the top. */
const AT_FIRST = 30
const MORE = 10
/** Earlier messages are drawn this many pixels before they are scrolled to. */
const AHEAD = 1600

/**
 * Which messages are drawn: the newest ones, and earlier ones as they are scrolled to. A
 * conversation of thousands opens as quickly as a short one.
 */
export function useLatestWindow(count: number) {
  const [drawn, setDrawn] = useState(AT_FIRST)
  const sentinel = useRef<HTMLButtonElement>(null)
  const anchor = useRef<{ element: HTMLElement; top: number } | null>(null)
  const first = Math.max(0, count - drawn)

  const showEarlier = useCallback(() => {
    const element = sentinel.current?.nextElementSibling
    anchor.current = element instanceof HTMLElement ? { element, top: element.offsetTop } : null
    // Drawn in the pauses between frames, so that scrolling goes on.
    startTransition(() => setDrawn((now) => now + MORE))
  }, [])

  // What one reads stays where it is while something is put above it.
  useLayoutEffect(() => {
    const before = anchor.current
    const viewport = scroller(before?.element ?? null)
    if (before && viewport && drawn > AT_FIRST) viewport.scrollTop += before.element.offsetTop - before.top
    anchor.current = null
  }, [drawn])

  useEffect(() => {
    const element = sentinel.current
    if (!element || first === 0) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) showEarlier()
      },
      { root: scroller(element), rootMargin: `${AHEAD}px 0px 0px` },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [first, showEarlier])

  return { first, sentinel, showEarlier }
}

function scroller(element: HTMLElement | null): HTMLElement | null {
  return element?.closest('[role="log"]') ?? null
}
