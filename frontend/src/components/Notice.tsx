import type { ReactNode } from 'react'
import { asProblem } from '@/lib/api/problem'
import { classes } from '@/lib/classes'
import { t } from '@/lib/i18n'
import { Button } from './Button'

const TONES = {
  error: 'border-danger/40 bg-danger-soft',
  warn: 'border-warn/40 bg-warn-soft',
  info: 'border-line bg-sunken',
}

interface NoticeProps {
  tone?: keyof typeof TONES
  title?: string
  children?: ReactNode
  action?: ReactNode
  /** `alert` interrupts a screen reader; `status` waits its turn. */
  role?: 'alert' | 'status'
  className?: string
}

export function Notice({ tone = 'info', title, children, action, role, className }: NoticeProps) {
  return (
    <div
      role={role}
      className={classes(
        'flex flex-wrap items-center gap-3 rounded-lg border px-3.5 py-2.5 text-sm',
        TONES[tone],
        className,
      )}
    >
      <div className="min-w-48 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={classes(!!title && 'mt-0.5 text-ink/85')}>{children}</div>}
      </div>
      {action}
    </div>
  )
}

/** A failure in words: what happened, what to do, and a way to try again where there is one. */
export function ErrorNotice({
  error,
  onRetry,
  className,
}: {
  error: unknown
  onRetry?: () => void
  className?: string
}) {
  const problem = asProblem(error)
  return (
    <Notice
      tone="error"
      role="alert"
      title={problem.title}
      className={className}
      action={onRetry && <Button onClick={onRetry}>{t.actions.retry}</Button>}
    >
      {problem.detail !== problem.title && problem.detail}
    </Notice>
  )
}
