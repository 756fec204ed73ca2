import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { ErrorNotice } from '@/components/Notice'
import { Section } from '@/components/Section'
import { Skeleton } from '@/components/Skeleton'
import type { Page, RememberedThing } from '@/lib/api/types'
import { formatAgo } from '@/lib/format'
import { settingsTexts } from '@/lib/i18n/settings'
import { useApi } from '@/lib/services'

const texts = settingsTexts.memories

/** What agents remember about the person; each can be forgotten, and all together. */
export function Memories() {
  const api = useApi()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const memories = useQuery({
    queryKey: ['memories'],
    queryFn: ({ signal }) => api.get<Page<RememberedThing>>('/api/memories', {}, signal),
  })
  const forget = useMutation({
    mutationFn: (id: string | null) => api.delete<unknown>(id ? `/api/memories/${id}` : '/api/memories'),
    onSuccess: () => {
      setAsking(false)
      return queries.invalidateQueries({ queryKey: ['memories'] })
    },
  })

  return (
    <Section title={texts.title} intro={texts.intro}>
      {memories.isPending ? (
        <Skeleton rows={2} />
      ) : memories.isError ? (
        <ErrorNotice error={memories.error} onRetry={() => void memories.refetch()} />
      ) : memories.data.items.length === 0 ? (
        <p className="text-muted text-sm">{texts.empty}</p>
      ) : (
        <>
          <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
            {memories.data.items.map((memory) => (
              <li key={memory.id} className="flex items-center gap-3 px-4 py-2.5 text-sm">
                <div className="min-w-0 flex-1">
                  <p>{memory.text}</p>
                  <p className="text-muted text-xs">
                    {texts.by(memory.agent_name ?? '–', formatAgo(memory.created_at))}
                  </p>
                </div>
                <Button look="plain" onClick={() => forget.mutate(memory.id)} disabled={forget.isPending}>
                  {texts.forget}
                </Button>
              </li>
            ))}
          </ul>
          <Button className="mt-3" onClick={() => setAsking(true)}>
            {texts.forgetAll}
          </Button>
        </>
      )}
      {forget.isError && !asking && <ErrorNotice error={forget.error} className="mt-3" />}
      {asking && (
        <ConfirmDialog
          title={texts.forgetAllTitle}
          confirm={texts.forgetAll}
          busy={forget.isPending}
          error={forget.error}
          onConfirm={() => forget.mutate(null)}
          onClose={() => setAsking(false)}
        >
          {texts.forgetAllDetail}
        </ConfirmDialog>
      )}
    </Section>
  )
}
