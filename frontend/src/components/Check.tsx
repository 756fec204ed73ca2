import type { InputHTMLAttributes, ReactNode } from 'react'

interface CheckProps extends InputHTMLAttributes<HTMLInputElement> {
  children: ReactNode
  type?: 'checkbox' | 'radio'
}

/** A box to tick, or one of several to choose, with its words as one target. */
export function Check({ children, type = 'checkbox', ...input }: CheckProps) {
  return (
    <label className="flex min-h-7 items-center gap-2.5 text-sm">
      <input type={type} className="size-4 shrink-0 accent-accent" {...input} />
      <span className="min-w-0">{children}</span>
    </label>
  )
}
