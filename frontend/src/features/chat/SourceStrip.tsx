import type { Citation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { placeWithin } from '@/lib/placeWithin'

interface SourceStripProps {
  sources: Citation[]
  /** The answer: sources that it points at come before those that were only read. */
  text: string
  onOpen: (citation: Citation) => void
}

const SHOWN = 6

/** The passages an answer rests on, as cards below it. */
export function SourceStrip({ sources, text, onOpen }: SourceStripProps) {
  if (sources.length === 0) return null
  const cited = sources.filter((source) => text.includes(`[${source.n}]`))
  const shown = (cited.length > 0 ? cited : sources).slice(0, SHOWN)
  return (
    <section aria-label={t.chat.sources.title}>
      <ul className="flex flex-wrap gap-2">
        {shown.map((source) => (
          <li key={source.n} className="max-w-full">
            <button
              type="button"
              onClick={() => onOpen(source)}
              className="flex min-h-9 max-w-full items-center gap-2 rounded-lg border border-line bg-raised py-1 pr-3 pl-1.5 text-left text-xs hover:border-line-strong"
            >
              <span className="inline-flex size-5 shrink-0 items-center justify-center rounded-md bg-accent-soft font-semibold text-accent-strong tabular-nums">
                <span className="sr-only">{t.chat.sources.one} </span>
                {source.n}
              </span>
              <span className="min-w-0 truncate">
                <span className="font-medium">{source.title}</span>
                {placeWithin(source.title, source.place) && (
                  <span className="text-muted"> · {placeWithin(source.title, source.place)}</span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
