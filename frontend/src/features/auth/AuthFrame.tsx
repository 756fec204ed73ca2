import type { ReactNode } from 'react'
import { Mark } from '@/components/Logo'
import { t } from '@/lib/i18n'
import { useTitle } from '@/lib/useTitle'

/** The frame that all pages before the log-in share: the name, one card, a line below it. */
export function AuthFrame({
  title,
  children,
  below,
}: {
  title: string
  children: ReactNode
  below?: ReactNode
}) {
  useTitle(title)
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-8 flex flex-col items-center text-center">
          <Mark className="size-14" />
          <p className="mt-2 font-semibold font-serif text-2xl tracking-tight">{t.product}</p>
          <p className="mt-1 text-muted text-sm">{t.tagline}</p>
        </div>
        <div className="rounded-2xl border border-line bg-raised p-6 shadow-float">
          <h1 className="mb-4 font-semibold text-lg">{title}</h1>
          {children}
        </div>
        {below && <p className="mt-5 text-center text-muted text-sm">{below}</p>}
      </div>
    </main>
  )
}

/** Link text in the accent colour, told apart by its underline too. */
export const LINK = 'font-medium text-accent underline underline-offset-4 hover:text-accent-strong'
