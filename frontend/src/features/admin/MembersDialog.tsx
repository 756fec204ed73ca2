import { Plus, X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { IconButton } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { Group } from '@/lib/api/types'
import { adminTexts } from '@/lib/i18n/admin'
import { usePeople } from '@/lib/people'
import { useChangeMembers, useMembers } from './peopleQueries'

const texts = adminTexts.groups
const SHOWN = 8

/** Who is in a group; people are taken out with one press and added by part of their address. */
export function MembersDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const members = useMembers(group.id)
  const change = useChangeMembers(group.id)
  const [words, setWords] = useState('')
  const search = useDeferredValue(words.trim())
  const found = usePeople(search, search !== '')
  const inside = new Set(members.data?.map((member) => member.user_id))
  const candidates = search ? (found.data ?? []).filter((person) => !inside.has(person.user_id)) : []

  return (
    <Dialog title={texts.membersTitle(group.name)} onClose={onClose}>
      <TextField
        label={texts.addMember}
        type="search"
        placeholder={adminTexts.people.search}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        autoFocus
      />
      {candidates.length > 0 && (
        <ul className="mt-2 rounded-lg border border-line">
          {candidates.slice(0, SHOWN).map((person) => (
            <li key={person.user_id} className="flex items-center gap-2 py-1 pr-1 pl-3 text-sm">
              <span className="min-w-0 flex-1 truncate">
                {person.email} <span className="text-muted">{person.display_name}</span>
              </span>
              <IconButton
                label={texts.add(person.email)}
                icon={<Plus size={17} />}
                disabled={change.isPending}
                onClick={() => change.mutate({ add: [person.user_id] }, { onSuccess: () => setWords('') })}
              />
            </li>
          ))}
        </ul>
      )}
      {search && found.isSuccess && candidates.length === 0 && (
        <p className="mt-2 text-muted text-sm">{adminTexts.people.nothing}</p>
      )}
      {change.isError && <ErrorNotice error={change.error} className="mt-3" />}
      <div className="mt-5">
        {members.isPending ? (
          <Skeleton rows={3} />
        ) : members.isError ? (
          <ErrorNotice error={members.error} onRetry={() => void members.refetch()} />
        ) : members.data.length === 0 ? (
          <p className="text-muted text-sm">{texts.noMembers}</p>
        ) : (
          <ul aria-label={texts.membersTitle(group.name)} className="divide-y divide-line">
            {members.data.map((member) => (
              <li key={member.user_id} className="flex items-center gap-2 py-1 text-sm">
                <span className="min-w-0 flex-1 truncate">
                  {member.email} <span className="text-muted">{member.display_name}</span>
                </span>
                <IconButton
                  label={texts.remove(member.email)}
                  icon={<X size={16} />}
                  disabled={change.isPending}
                  onClick={() => change.mutate({ remove: [member.user_id] })}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}
