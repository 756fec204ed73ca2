import { useEffect, useRef } from 'react'
import { t } from '@/lib/i18n'
import { Button } from './Button'

interface LoadMoreProps {
  more: boolean
  busy: boolean
  onMore: () => void
}

/** The end of a list that has more: asks for the next page when it comes into view, and on a press. */
export function LoadMore({ more, busy, onMore }: LoadMoreProps) {
  const end = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = end.current
    if (!element || !more || busy) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) onMore()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [more, busy, onMore])

  if (!more) return null
  return (
    <div ref={end} className="flex justify-center py-3">
      <Button look="plain" onClick={onMore} disabled={busy}>
        {busy ? t.actions.loading : t.actions.loadMore}
      </Button>
    </div>
  )
}
