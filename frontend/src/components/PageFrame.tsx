import type { ReactNode } from 'react'
import { useTitle } from '@/lib/useTitle'

interface PageFrameProps {
  title: string
  intro?: string
  action?: ReactNode
  children: ReactNode
}

/** The frame of every page but the chat: its name, one sentence, the main action, the content. */
export function PageFrame({ title, intro, action, children }: PageFrameProps) {
  useTitle(title)
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pt-6 pb-16 sm:px-8 sm:pt-10">
      <header className="mb-6 flex flex-wrap items-end gap-x-6 gap-y-3">
        <div className="min-w-56 flex-1">
          <h1 className="font-semibold font-serif text-2xl tracking-tight">{title}</h1>
          {intro && <p className="mt-1 max-w-prose text-muted text-sm">{intro}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  )
}
