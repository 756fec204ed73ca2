import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useDeferredValue, useState } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { Select, TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import type { ApiKey, Budget, NewBudget, Page } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { adminTexts } from '@/lib/i18n/admin'
import { useGroups, usePeople } from '@/lib/people'
import { useAgents } from '@/lib/queries'
import { useApi } from '@/lib/services'

const texts = adminTexts.budgets
/** These hold for all alike, and need no id. */
const GENERAL = new Set<NewBudget['scope']>(['all', 'each_person'])

export function BudgetDialog({ onClose }: { onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const [scope, setScope] = useState<NewBudget['scope']>('each_person')
  const [missing, setMissing] = useState<string | null>(null)
  const save = useMutation({
    mutationFn: (budget: NewBudget) => api.post<Budget>('/api/budgets', budget),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries({ queryKey: ['budgets'] })
    },
  })

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const tokens = String(form.get('tokens'))
    const cost = String(form.get('cost'))
    setMissing(tokens || cost ? null : texts.atLeastOne)
    if (!tokens && !cost) return
    save.mutate({
      scope,
      scope_id: GENERAL.has(scope) ? null : String(form.get('id')).trim(),
      period: form.get('period') as Budget['period'],
      max_tokens: tokens ? Number(tokens) : null,
      max_cost: cost ? Number(cost) : null,
    })
  }

  return (
    <Dialog title={texts.create} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <Select
          label={texts.scope}
          value={scope}
          onChange={(event) => setScope(event.target.value as NewBudget['scope'])}
        >
          {Object.entries(texts.scopes).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        {!GENERAL.has(scope) && <WhichOne key={scope} scope={scope} />}
        <Select label={texts.period} name="period" defaultValue="month">
          {Object.entries(texts.periods).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <div className="grid grid-cols-2 gap-3">
          <TextField label={texts.maxTokens} name="tokens" type="number" min={1} step={1} error={missing} />
          <TextField
            label={texts.maxCost}
            name="cost"
            type="number"
            min={0.01}
            step={0.01}
            hint={texts.maxCostHint}
          />
        </div>
        {save.isError && <ErrorNotice error={save.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.actions.cancel}</Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {texts.create}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The person, group, agent or key that a budget is for, by name. */
function WhichOne({ scope }: { scope: NewBudget['scope'] }) {
  const [words, setWords] = useState('')
  const choices = useChoices(scope, useDeferredValue(words.trim()))
  return (
    <>
      {scope === 'person' && (
        <TextField
          label={texts.findPerson}
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <Select label={texts.which} name="id" required defaultValue="">
        <option value="" disabled>
          {texts.choose}
        </option>
        {choices.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </>
  )
}

function useChoices(scope: NewBudget['scope'], words: string): [id: string, name: string][] {
  const api = useApi()
  const people = usePeople(words, scope === 'person').data ?? []
  const groups = useGroups(scope === 'group').data ?? []
  const agents = useAgents().data ?? []
  const keys = useQuery({
    queryKey: ['keys', 'everyone'],
    queryFn: ({ signal }) => api.get<Page<ApiKey>>('/api/keys', { everyone: true }, signal),
    enabled: scope === 'key',
  })
  if (scope === 'person') return people.map((each) => [each.user_id, each.email])
  if (scope === 'group') return groups.map((each) => [each.id, each.name])
  if (scope === 'agent') return agents.map((each) => [each.id, each.name])
  return (keys.data?.items ?? []).map((each) => [each.id, `${each.name} (${each.email ?? each.prefix})`])
}
