import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { EmptyState } from '@/components/EmptyState'
import { TextField } from '@/components/Field'
import { Markdown } from '@/components/markdown/Markdown'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { PassageReader } from '@/components/PassageReader'
import { Skeleton } from '@/components/Skeleton'
import type { FoundPassage, Page } from '@/lib/api/types'
import { formatNumber } from '@/lib/format'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useApi } from '@/lib/services'
import { KnowledgeTabs } from './KnowledgeTabs'

const texts = knowledgeTexts.search
const LIMIT = 12

/** What an agent would find for a question, in its order, with the reason for it. */
export function SearchPage() {
  const api = useApi()
  const [query, setQuery] = useSearchParams()
  const [open, setOpen] = useState<FoundPassage | null>(null)
  const words = query.get('q') ?? ''
  const found = useQuery({
    queryKey: ['search', words],
    queryFn: ({ signal }) => api.get<Page<FoundPassage>>('/api/search', { q: words, limit: LIMIT }, signal),
    enabled: words !== '',
  })

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const asked = String(new FormData(event.currentTarget).get('q')).trim()
    setQuery(asked ? { q: asked } : {})
  }

  return (
    <PageFrame title={texts.title} intro={texts.intro}>
      <KnowledgeTabs />
      <form onSubmit={onSubmit} className="flex gap-2">
        <div className="flex-1">
          <TextField
            label={texts.label}
            hideLabel
            name="q"
            type="search"
            defaultValue={words}
            placeholder={texts.label}
            autoFocus={!words}
          />
        </div>
        <Button type="submit" look="primary">
          {t.actions.search}
        </Button>
      </form>
      <div className="mt-6" aria-live="polite">
        {words === '' ? (
          <EmptyState title={texts.empty} detail={texts.emptyDetail} />
        ) : found.isPending ? (
          <Skeleton rows={8} />
        ) : found.isError ? (
          <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
        ) : found.data.items.length === 0 ? (
          <EmptyState title={texts.nothing} detail={texts.nothingDetail} />
        ) : (
          <ol className="flex flex-col gap-3">
            {found.data.items.map((passage, index) => (
              <Result
                key={passage.chunk_id}
                passage={passage}
                place={index + 1}
                onOpen={() => setOpen(passage)}
              />
            ))}
          </ol>
        )}
      </div>
      {open && (
        <Dialog title={open.title} shape="wide" onClose={() => setOpen(null)}>
          <PassageReader documentId={open.document_id} ordinal={open.ordinal} quoted={open.text} />
        </Dialog>
      )}
    </PageFrame>
  )
}

interface ResultProps {
  passage: FoundPassage
  place: number
  onOpen: () => void
}

function Result({ passage, place, onOpen }: ResultProps) {
  return (
    <li className="rounded-xl border border-line bg-raised px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-semibold text-muted text-sm tabular-nums">{place}</span>
        <h2 className="font-medium">
          <button type="button" onClick={onOpen} className="rounded text-left hover:underline">
            {passage.title}
          </button>
        </h2>
        <span className="text-muted text-xs">{passage.place_label}</span>
      </div>
      <div className="mt-1.5 line-clamp-4 text-sm">
        <Markdown source={passage.text} />
      </div>
      <p className="mt-2 flex flex-wrap gap-x-3 text-muted text-xs">
        <span>{texts.score(formatNumber(passage.score, { maximumSignificantDigits: 3 }))}</span>
        {passage.vector_rank !== null && <span>{texts.byMeaning(passage.vector_rank)}</span>}
        {passage.text_rank !== null && <span>{texts.byWords(passage.text_rank)}</span>}
      </p>
    </li>
  )
}
