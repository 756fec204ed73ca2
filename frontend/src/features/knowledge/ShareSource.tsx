import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/Button'
import { Check } from '@/components/Check'
import { Dialog } from '@/components/Dialog'
import { ErrorNotice } from '@/components/Notice'
import { ReadersField } from '@/components/ReadersField'
import { Skeleton } from '@/components/Skeleton'
import type { Sharing, SourceRow } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useApi } from '@/lib/services'

const texts = knowledgeTexts.sharing

/** Who may read a source: everyone, or the people and groups that are named. */
export function ShareSource({ source, onClose }: { source: SourceRow; onClose: () => void }) {
  const api = useApi()
  const sharing = useQuery({
    queryKey: ['sources', source.id, 'sharing'],
    queryFn: ({ signal }) => api.get<Sharing>(`/api/sources/${source.id}/sharing`, {}, signal),
    staleTime: 0,
  })
  return (
    <Dialog title={texts.sourceOf(source.name)} onClose={onClose}>
      {sharing.isPending || (sharing.isFetching && !sharing.isFetchedAfterMount) ? (
        <Skeleton rows={4} />
      ) : sharing.isError ? (
        <ErrorNotice error={sharing.error} onRetry={() => void sharing.refetch()} />
      ) : (
        <SharingForm id={source.id} initial={sharing.data} onClose={onClose} />
      )}
    </Dialog>
  )
}

function SharingForm({ id, initial, onClose }: { id: string; initial: Sharing; onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const [visibility, setVisibility] = useState(initial.visibility)
  const [readers, setReaders] = useState(initial.principal_ids ?? [])
  const save = useMutation({
    mutationFn: (sharing: Sharing) => api.put<void>(`/api/sources/${id}/sharing`, sharing),
    onSuccess: () => {
      onClose()
      void queries.invalidateQueries({ queryKey: ['documents'] })
      return queries.invalidateQueries({ queryKey: ['sources'] })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ visibility, principal_ids: visibility === 'restricted' ? readers : [] })
  }

  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-1 font-medium text-sm">{texts.visibility}</legend>
        {(['everyone', 'restricted'] as const).map((choice) => (
          <Check
            key={choice}
            type="radio"
            name="visibility"
            checked={visibility === choice}
            onChange={() => setVisibility(choice)}
          >
            {texts.choices[choice]}
          </Check>
        ))}
      </fieldset>
      {visibility === 'restricted' && <ReadersField value={readers} onChange={setReaders} />}
      {visibility === 'restricted' && readers.length === 0 && (
        <p className="text-muted text-sm">{texts.nobodyPicked}</p>
      )}
      {save.isError && <ErrorNotice error={save.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t.actions.cancel}</Button>
        <Button type="submit" look="primary" disabled={save.isPending}>
          {t.actions.save}
        </Button>
      </div>
    </form>
  )
}
