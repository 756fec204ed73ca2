import { X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useGroups, usePeople } from '@/lib/people'
import { IconButton } from './Button'
import { Check } from './Check'
import { TextField } from './Field'

const texts = knowledgeTexts.sharing
const SHOWN = 6

interface ReadersFieldProps {
  /** The ids of people and groups. */
  value: string[]
  onChange: (ids: string[]) => void
}

/** People and groups by name, for administrators. */
export function ReadersField({ value, onChange }: ReadersFieldProps) {
  const groups = useGroups().data ?? []
  const [words, setWords] = useState('')
  const search = useDeferredValue(words.trim())
  // Without words: those chosen already must have names too.
  const people = usePeople(search).data ?? []
  const [known, setKnown] = useState<Record<string, string>>({})
  const names = { ...known, ...Object.fromEntries(people.map((person) => [person.user_id, person.email])) }
  const groupIds = new Set(groups.map((group) => group.id))
  const chosenPeople = value.filter((id) => !groupIds.has(id))
  const candidates = search ? people.filter((person) => !value.includes(person.user_id)).slice(0, SHOWN) : []

  const toggle = (id: string, on: boolean) =>
    onChange(on ? [...value, id] : value.filter((each) => each !== id))

  return (
    <div className="flex flex-col gap-4">
      {groups.length > 0 && (
        <fieldset>
          <legend className="mb-1 font-medium text-sm">{texts.groups}</legend>
          <div className="max-h-40 overflow-y-auto">
            {groups.map((group) => (
              <Check
                key={group.id}
                checked={value.includes(group.id)}
                onChange={(event) => toggle(group.id, event.target.checked)}
              >
                {group.name}
              </Check>
            ))}
          </div>
        </fieldset>
      )}
      <div>
        <TextField
          label={texts.people}
          type="search"
          placeholder={texts.search}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        {candidates.map((person) => (
          <Check
            key={person.user_id}
            checked={false}
            onChange={() => {
              setKnown({ ...known, [person.user_id]: person.email })
              toggle(person.user_id, true)
            }}
          >
            {person.email} <span className="text-muted">{person.display_name}</span>
          </Check>
        ))}
        <ul className="mt-2 flex flex-wrap gap-1.5">
          {chosenPeople.map((id) => (
            <li key={id} className="flex items-center gap-1 rounded-full bg-accent-soft pl-3 text-sm">
              {names[id] ?? texts.unknown}
              <IconButton
                label={texts.remove(names[id] ?? texts.unknown)}
                icon={<X size={14} />}
                onClick={() => toggle(id, false)}
              />
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
