import type { ReactNode } from 'react'
import { Mark } from './Logo'

interface EmptyStateProps {
  title: string
  detail?: string
  action?: ReactNode
}

export function EmptyState({ title, detail, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-2 px-4 py-14 text-center">
      <Mark className="mb-2 size-12 opacity-80" />
      <p className="font-medium">{title}</p>
      {detail && <p className="text-muted text-sm">{detail}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}
