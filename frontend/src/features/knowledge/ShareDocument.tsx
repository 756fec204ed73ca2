import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button, IconButton } from '@/components/Button'
import { Check } from '@/components/Check'
import { Dialog } from '@/components/Dialog'
import { Select, TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { DocumentRow, FileSharing } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useMe } from '@/lib/queries'
import { useApi } from '@/lib/services'

const texts = knowledgeTexts.sharing
type Grant = NonNullable<FileSharing['grants']>[number]

/** Who may read one document: as its source, everyone, or its owner and those who are named. */
export function ShareDocument({ row, onClose }: { row: DocumentRow; onClose: () => void }) {
  const api = useApi()
  const sharing = useQuery({
    queryKey: ['documents', 'sharing', row.source_id, row.external_id],
    queryFn: ({ signal }) =>
      api.get<FileSharing>(
        '/api/documents/sharing',
        { source_id: row.source_id, external_id: row.external_id },
        signal,
      ),
    staleTime: 0,
    gcTime: 0,
  })
  return (
    <Dialog title={texts.documentOf(row.title)} onClose={onClose}>
      {sharing.isPending ? (
        <Skeleton rows={4} />
      ) : sharing.isError ? (
        <ErrorNotice error={sharing.error} onRetry={() => void sharing.refetch()} />
      ) : (
        <SharingForm row={row} initial={sharing.data} onClose={onClose} />
      )}
    </Dialog>
  )
}

function SharingForm({
  row,
  initial,
  onClose,
}: {
  row: DocumentRow
  initial: FileSharing
  onClose: () => void
}) {
  const api = useApi()
  const queries = useQueryClient()
  const isAdmin = useMe().data?.role === 'admin'
  const [visibility, setVisibility] = useState(initial.visibility)
  const [grants, setGrants] = useState<Grant[]>(initial.grants ?? [])
  const save = useMutation({
    mutationFn: (sharing: FileSharing) => api.post<void>('/api/documents/share', sharing),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries({ queryKey: ['documents'] })
    },
  })
  const choices = (['source', 'everyone', 'restricted'] as const).filter(
    (choice) => isAdmin || choice !== 'everyone' || initial.visibility === 'everyone',
  )
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({
      source_id: row.source_id,
      external_id: row.external_id,
      visibility,
      grants: visibility === 'restricted' ? grants : [],
    })
  }

  return (
    <div className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-1 font-medium text-sm">{texts.visibility}</legend>
        {choices.map((choice) => (
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
        {visibility === 'restricted' && row.owner_id && (
          <p className="mt-1 text-muted text-xs">{texts.ownerToo}</p>
        )}
      </fieldset>
      {visibility === 'restricted' && <Grants grants={grants} onChange={setGrants} />}
      {save.isError && <ErrorNotice error={save.error} />}
      <form onSubmit={onSubmit} className="flex justify-end gap-2">
        <Button onClick={onClose}>{t.actions.cancel}</Button>
        <Button type="submit" look="primary" disabled={save.isPending}>
          {t.actions.save}
        </Button>
      </form>
    </div>
  )
}

function Grants({ grants, onChange }: { grants: Grant[]; onChange: (grants: Grant[]) => void }) {
  const [kind, setKind] = useState<Grant['kind']>('user')
  const onAdd = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const name = String(new FormData(form).get('name')).trim()
    if (!name) return
    onChange([...grants.filter((each) => each.kind !== kind || each.name !== name), { kind, name }])
    form.reset()
  }
  return (
    <section aria-label={texts.named}>
      {grants.length === 0 ? (
        <p className="text-muted text-sm">{texts.nobody}</p>
      ) : (
        <ul aria-label={texts.named} className="divide-y divide-line">
          {grants.map((grant) => (
            <li key={`${grant.kind} ${grant.name}`} className="flex items-center gap-2 py-1 text-sm">
              <span className="w-16 shrink-0 text-muted text-xs">{texts.kinds[grant.kind]}</span>
              <span className="min-w-0 flex-1 truncate">{grant.name}</span>
              <IconButton
                label={texts.remove(grant.name)}
                icon={<X size={15} />}
                onClick={() => onChange(grants.filter((each) => each !== grant))}
              />
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={onAdd} className="mt-3 grid grid-cols-[auto_1fr_auto] items-end gap-2">
        <Select
          label={texts.kind}
          value={kind}
          onChange={(event) => setKind(event.target.value as Grant['kind'])}
        >
          {Object.entries(texts.kinds).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <TextField label={texts.name} name="name" placeholder={texts.nameHints[kind]} maxLength={500} />
        <Button type="submit">{texts.add}</Button>
      </form>
    </section>
  )
}
