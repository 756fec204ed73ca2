import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/Button'
import { Check } from '@/components/Check'
import { ErrorNotice } from '@/components/Notice'
import { ReadersField } from '@/components/ReadersField'
import type { Agent } from '@/lib/api/types'
import { agentsTexts } from '@/lib/i18n/agents'
import { useMe } from '@/lib/queries'
import { useApi } from '@/lib/services'

const texts = agentsTexts.readers
const EVERYONE = '00000000-0000-0000-0000-000000000001'

/** Who may use an agent: everyone, or people and groups that an administrator names. */
export function AgentReaders({ agent }: { agent: Agent }) {
  const isAdmin = useMe().data?.role === 'admin'
  return (
    <section aria-labelledby="readers">
      <h2 id="readers" className="mb-3 font-semibold">
        {texts.title}
      </h2>
      {isAdmin ? (
        <ReadersForm key={agent.updated_at} agent={agent} />
      ) : (
        <p className="text-muted text-sm">{texts.onlyYou}</p>
      )}
    </section>
  )
}

function ReadersForm({ agent }: { agent: Agent }) {
  const api = useApi()
  const queries = useQueryClient()
  const [open, setOpen] = useState(agent.readers.includes(EVERYONE))
  const [readers, setReaders] = useState(agent.readers.filter((id) => id !== EVERYONE))
  const save = useMutation({
    mutationFn: (ids: string[]) => api.patch<Agent>(`/api/agents/${agent.slug}`, { readers: ids }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
  const wanted = open ? [EVERYONE] : readers
  const same = [...wanted].sort().join() === [...agent.readers].sort().join()
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(wanted)
  }

  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <div>
        <Check type="radio" name="readers" checked={open} onChange={() => setOpen(true)}>
          {texts.everyone}
        </Check>
        <Check type="radio" name="readers" checked={!open} onChange={() => setOpen(false)}>
          {texts.some}
        </Check>
      </div>
      {!open && <ReadersField value={readers} onChange={setReaders} />}
      {wanted.length === 0 && <p className="text-muted text-sm">{texts.nobody}</p>}
      {save.isError && <ErrorNotice error={save.error} />}
      <div>
        <Button type="submit" disabled={save.isPending || same || wanted.length === 0}>
          {texts.save}
        </Button>
      </div>
    </form>
  )
}
