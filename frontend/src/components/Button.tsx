import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classes } from '@/lib/classes'

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'border border-line bg-raised text-ink hover:border-line-strong',
  plain: 'text-ink hover:bg-sunken',
  plainDanger: 'text-danger hover:bg-danger-soft',
  danger: 'bg-danger text-paper hover:opacity-90',
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOKS
  icon?: ReactNode
}

export function Button({ look = 'quiet', icon, className, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={classes(
        'inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3.5 py-1.5 font-medium text-sm transition-colors',
        'disabled:cursor-not-allowed disabled:opacity-55',
        LOOKS[look],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, read by screen readers and shown on hover. */
  label: string
  icon: ReactNode
}

/** A square button with a picture; at least 32 px, 40 px where fingers press. */
export function IconButton({ label, icon, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classes(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted transition-colors pointer-coarse:size-10',
        'hover:bg-sunken hover:text-ink disabled:cursor-not-allowed disabled:opacity-45',
        className,
      )}
      {...rest}
    >
      {icon}
    </button>
  )
}
