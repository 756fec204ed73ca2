import { createContext, Fragment, type ReactNode, useContext } from 'react'
import type { Citation } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { placeWithin } from '@/lib/placeWithin'

export interface Citations {
  byNumber: ReadonlyMap<number, Citation>
  open: (citation: Citation) => void
}

/** Which numbers in a text are citations, and what a press on one does. Null where a text has none. */
export const CitationsContext = createContext<Citations | null>(null)

/** Text in which `[1]` and `[1, 2]` become chips, where such a citation exists. */
export function CitationMarks({ text }: { text: string }): ReactNode {
  const citations = useContext(CitationsContext)
  if (!citations || !text.includes('[')) return text
  return text.split(/(\[\d+(?:\s*,\s*\d+)*\])/).map((piece, index) => {
    const found = numbersIn(piece).flatMap((n) => citations.byNumber.get(n) ?? [])
    if (found.length === 0) return piece
    return (
      <Fragment key={index}>
        {found.map((citation) => (
          <CitationChip key={citation.n} citation={citation} onOpen={citations.open} />
        ))}
      </Fragment>
    )
  })
}

export function CitationChip({
  citation,
  onOpen,
}: {
  citation: Citation
  onOpen: (citation: Citation) => void
}) {
  const label = t.chat.sources.chip(citation.n, citation.title)
  return (
    <button
      type="button"
      onClick={() => onOpen(citation)}
      aria-label={label}
      title={[citation.title, placeWithin(citation.title, citation.place)].filter(Boolean).join(' · ')}
      className="mx-0.5 inline-flex h-[1.3em] min-w-[1.3em] items-center justify-center rounded-[0.4em] bg-accent-soft px-[0.35em] align-[0.12em] font-semibold text-[0.72em] text-accent-strong tabular-nums hover:bg-accent hover:text-on-accent"
    >
      {citation.n}
    </button>
  )
}

function numbersIn(piece: string): number[] {
  return piece.startsWith('[') ? (piece.match(/\d+/g) ?? []).map(Number) : []
}
