import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { asProblem } from '@/lib/api/problem'
import type { Page, PassageInPlace } from '@/lib/api/types'
import { classes } from '@/lib/classes'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useApi } from '@/lib/services'
import { Button } from './Button'
import { Markdown } from './markdown/Markdown'
import { ErrorNotice, Notice } from './Notice'
import { Skeleton } from './Skeleton'

/** Passages that are asked for at once; odd, so that the one in the middle has as many on both sides. */
const COUNT = 7
const HALF = (COUNT - 1) / 2

function usePassages(documentId: string, ordinal: number) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['passages', documentId, ordinal],
    queryFn: async ({ pageParam, signal }) => {
      const path = `/api/documents/${documentId}/passages`
      const page = await api.get<Page<PassageInPlace>>(path, { around: pageParam, count: COUNT }, signal)
      return page.items
    },
    initialPageParam: ordinal,
    getPreviousPageParam: (page) => {
      const first = page[0]
      return first && first.ordinal > 0 ? Math.max(0, first.ordinal - 1 - HALF) : undefined
    },
    getNextPageParam: (page) => {
      const last = page.at(-1)
      return last && page.length > HALF && last.ordinal >= ordinal + HALF
        ? last.ordinal + 1 + HALF
        : undefined
    },
    select: ({ pages }) => [...new Map(pages.flat().map((passage) => [passage.ordinal, passage])).values()],
  })
}

interface PassageReaderProps {
  documentId: string
  /** The passage to start at. */
  ordinal: number
  /** Its text as it was cited; it is shown instead where the document has gone. Unset: nothing is marked. */
  quoted?: string
}

/** A document read around one passage, which is marked; more of it on both sides on demand. */
export function PassageReader({ documentId, ordinal, quoted }: PassageReaderProps) {
  const passages = usePassages(documentId, ordinal)
  const marked = useRef<HTMLElement>(null)
  const ready = passages.isSuccess

  useEffect(() => {
    if (ready) marked.current?.scrollIntoView({ block: 'center' })
  }, [ready])

  if (passages.isPending) return <Skeleton rows={8} />
  if (passages.isError) {
    if (quoted && asProblem(passages.error).status === 404) {
      return <QuotedOnly text={quoted} title={t.chat.sources.gone} detail={t.chat.sources.goneDetail} />
    }
    return <ErrorNotice error={passages.error} onRetry={() => void passages.refetch()} />
  }
  if (passages.data.length === 0) return <p className="text-muted text-sm">{knowledgeTexts.reader.empty}</p>

  const here = passages.data.find((passage) => passage.ordinal === ordinal)
  if (quoted && !(here && sameText(here.text, quoted))) {
    return <QuotedOnly text={quoted} title={t.chat.sources.changed} />
  }

  return (
    <div className="flex flex-col gap-1 text-sm">
      {passages.hasPreviousPage && (
        <Button look="plain" onClick={() => void passages.fetchPreviousPage()} disabled={passages.isFetching}>
          {knowledgeTexts.reader.earlier}
        </Button>
      )}
      {passages.data.map((passage) => {
        const isMarked = quoted !== undefined && passage.ordinal === ordinal
        return (
          <section
            key={passage.ordinal}
            ref={isMarked ? marked : undefined}
            aria-label={isMarked ? t.chat.sources.cited : undefined}
            className={classes(
              'rounded-lg px-3 py-2',
              isMarked && 'bg-mark/55 outline-2 outline-mark -outline-offset-2',
            )}
          >
            {passage.place_label && <p className="mb-1 text-muted text-xs">{passage.place_label}</p>}
            <Markdown source={passage.text} />
          </section>
        )
      })}
      {passages.hasNextPage && (
        <Button look="plain" onClick={() => void passages.fetchNextPage()} disabled={passages.isFetching}>
          {knowledgeTexts.reader.later}
        </Button>
      )}
    </div>
  )
}

function QuotedOnly({ text, title, detail }: { text: string; title: string; detail?: string }) {
  return (
    <div className="flex flex-col gap-3 text-sm">
      <Notice title={title} role="status">
        {detail}
      </Notice>
      <blockquote className="rounded-lg bg-mark/55 px-3 py-2">
        <Markdown source={text} />
      </blockquote>
    </div>
  )
}

function sameText(a: string, b: string): boolean {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
  return plain(a).startsWith(plain(b).slice(0, 200).replace(/…$/, ''))
}
