import { Select, TextField } from '@/components/Field'
import type { FileState } from '@/lib/api/types'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { type DocumentFilter, useSources } from './queries'

export const NO_FILTER: DocumentFilter = { words: '', state: '', sourceId: '' }

const texts = knowledgeTexts.documents
const STATES: FileState[] = ['ready', 'pending', 'failed', 'dead', 'unsupported', 'ignored']

interface DocumentFiltersProps {
  filter: DocumentFilter
  onChange: (filter: DocumentFilter) => void
}

export function DocumentFilters({ filter, onChange }: DocumentFiltersProps) {
  const sources = useSources().data ?? []
  return (
    <form onSubmit={(event) => event.preventDefault()} className="grid gap-2 sm:grid-cols-[1fr_auto_auto]">
      <TextField
        label={texts.search}
        hideLabel
        type="search"
        placeholder={texts.search}
        value={filter.words}
        onChange={(event) => onChange({ ...filter, words: event.target.value })}
      />
      <Select
        label={texts.filterState}
        hideLabel
        value={filter.state}
        onChange={(event) => onChange({ ...filter, state: event.target.value as FileState | '' })}
      >
        <option value="">{texts.allStates}</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {texts.states[state]}
          </option>
        ))}
      </Select>
      {sources.length > 1 && (
        <Select
          label={texts.filterSource}
          hideLabel
          value={filter.sourceId}
          onChange={(event) => onChange({ ...filter, sourceId: event.target.value })}
        >
          <option value="">{texts.allSources}</option>
          {sources.map((source) => (
            <option key={source.id} value={source.id}>
              {source.name}
            </option>
          ))}
        </Select>
      )}
    </form>
  )
}
