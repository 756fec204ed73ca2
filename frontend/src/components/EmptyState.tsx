import type { ReactNode } from 'react'
import { Mark } from './Logo'

interface EmptyStateProps {
  title: string
  detail?: string
  action?: ReactNode
  /** It is all that the page says, so its title is the page's. */
  page?: boolean
}

export function EmptyState({ title, detail, action, page = false }: EmptyStateProps) {
  const Title = page ? 'h1' : 'p'
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-2 px-4 py-14 text-center">
      <Mark className="mb-2 size-12 opacity-80" />
      <Title className="font-medium">{title}</Title>
      {detail && <p className="text-muted text-sm">{detail}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}
