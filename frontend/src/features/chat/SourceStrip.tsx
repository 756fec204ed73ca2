import type { Citation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { placeWithin } from '@/lib/placeWithin'
import { Fold } from './Fold'

interface SourceStripProps {
  sources: Citation[]
  /** The answer: sources that it points at are shown; where it points at none, what was read is told on demand. */
  text: string
  streaming: boolean
  onOpen: (citation: Citation) => void
}

const SHOWN = 12

/** The passages an answer rests on, as cards below it. */
export function SourceStrip({ sources, text, streaming, onOpen }: SourceStripProps) {
  const cited = sources.filter((source) => text.includes(`[${source.n}]`))
  if (cited.length > 0) {
    return (
      <section aria-label={t.chat.sources.title}>
        <Sources sources={cited} onOpen={onOpen} />
      </section>
    )
  }
  // While it is written, or where nothing was said, it rests on nothing yet.
  if (streaming || sources.length === 0 || text === '') return null
  return (
    <section aria-label={t.chat.sources.title}>
      <Fold summary={t.chat.sources.readOnly(sources.length)}>
        <Sources sources={sources} onOpen={onOpen} />
      </Fold>
    </section>
  )
}

function Sources({ sources, onOpen }: Pick<SourceStripProps, 'sources' | 'onOpen'>) {
  return (
    <ul className="flex flex-wrap gap-2">
      {sources.slice(0, SHOWN).map((source) => (
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
  )
}
