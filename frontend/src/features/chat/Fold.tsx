import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '@/lib/classes'

interface FoldProps {
  summary: string
  live?: boolean
  tone?: 'plain' | 'danger'
  children: ReactNode
}

/** A line that unfolds; closed until somebody wants to know. */
export function Fold({ summary, live = false, tone = 'plain', children }: FoldProps) {
  return (
    <details className="group/fold text-sm">
      <summary
        className={classes(
          'inline-flex min-h-7 list-none items-center gap-1.5 rounded-md pr-2 text-muted hover:text-ink',
          live && 'animate-pulse',
          tone === 'danger' && 'text-danger',
        )}
      >
        <ChevronRight
          size={15}
          className="transition-transform group-open/fold:rotate-90"
          aria-hidden="true"
        />
        {summary}
      </summary>
      <div className="mt-1.5 ml-1.5 border-line border-l-2 pl-4">{children}</div>
    </details>
  )
}
