import { t } from '@/lib/i18n'

const WIDTHS = ['w-3/5', 'w-4/5', 'w-2/5', 'w-full', 'w-1/2']

/** Grey lines in the place of what is being loaded, as tall as the real ones. */
export function Skeleton({ rows = 5, height = 'h-4' }: { rows?: number; height?: string }) {
  return (
    <div role="status" className="flex flex-col gap-3">
      <span className="sr-only">{t.actions.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          className={`${height} ${WIDTHS[row % WIDTHS.length]} animate-pulse rounded bg-line/70`}
        />
      ))}
    </div>
  )
}
