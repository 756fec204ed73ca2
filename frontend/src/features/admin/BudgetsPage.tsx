import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { EmptyState } from '@/components/EmptyState'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { Budget, Page } from '@/lib/api/types'
import { formatNumber } from '@/lib/format'
import { t } from '@/lib/i18n'
import { adminTexts } from '@/lib/i18n/admin'
import { useApi } from '@/lib/services'
import { AdminFrame } from './AdminFrame'
import { BudgetDialog } from './BudgetDialog'

const texts = adminTexts.budgets

/** What may be spent, and how much of it has been. */
export function BudgetsPage() {
  const api = useApi()
  const queries = useQueryClient()
  const [setting, setSetting] = useState(false)
  const [deleting, setDeleting] = useState<Budget | null>(null)
  const budgets = useQuery({
    queryKey: ['budgets'],
    queryFn: ({ signal }) => api.get<Page<Budget>>('/api/budgets', {}, signal),
  })
  const remove = useMutation({
    mutationFn: (id: string) => api.delete<void>(`/api/budgets/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['budgets'] }),
  })

  return (
    <AdminFrame
      title={texts.title}
      intro={texts.intro}
      action={
        <Button look="primary" onClick={() => setSetting(true)}>
          {texts.create}
        </Button>
      }
    >
      {budgets.isPending ? (
        <Skeleton rows={4} />
      ) : budgets.isError ? (
        <ErrorNotice error={budgets.error} onRetry={() => void budgets.refetch()} />
      ) : budgets.data.items.length === 0 ? (
        <EmptyState title={texts.empty} detail={texts.emptyDetail} />
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {budgets.data.items.map((budget) => (
            <li key={budget.id} className="rounded-xl border border-line bg-raised p-4 text-sm">
              <div className="flex items-start justify-between gap-2">
                <h2 className="font-medium">
                  {nameOf(budget)}{' '}
                  <span className="font-normal text-muted">{texts.periods[budget.period]}</span>
                </h2>
                <Button look="plain" onClick={() => setDeleting(budget)}>
                  {t.actions.delete}
                </Button>
              </div>
              {budget.max_tokens !== null && (
                <Meter
                  label={texts.maxTokens}
                  used={budget.tokens_used + budget.tokens_reserved}
                  most={budget.max_tokens}
                  format={(value) => formatNumber(value, { notation: 'compact' })}
                />
              )}
              {budget.max_cost !== null && (
                <Meter
                  label={texts.maxCost}
                  used={budget.cost_used + budget.cost_reserved}
                  most={budget.max_cost}
                  format={(value) => formatNumber(value, { style: 'currency', currency: 'USD' })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {deleting && (
        <ConfirmDialog
          title={texts.deleteTitle(nameOf(deleting))}
          confirm={t.actions.delete}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(deleting.id, { onSuccess: () => setDeleting(null) })}
          onClose={() => setDeleting(null)}
        >
          {texts.deleteDetail}
        </ConfirmDialog>
      )}
      {setting && <BudgetDialog onClose={() => setSetting(false)} />}
    </AdminFrame>
  )
}

/** Whom a budget is for. */
function nameOf(budget: Budget): string {
  return budget.label || texts.scopes[budget.scope]
}

interface MeterProps {
  label: string
  used: number
  most: number
  format: (value: number) => string
}

function Meter({ label, used, most, format }: MeterProps) {
  return (
    <div className="mt-3">
      <p className="flex justify-between text-muted text-xs">
        <span>{label}</span>
        <span className="tabular-nums">{texts.used(format(used), format(most))}</span>
      </p>
      <meter
        min={0}
        max={most}
        high={most * 0.9}
        optimum={0}
        value={used}
        aria-label={label}
        className="mt-1 h-2 w-full"
      />
    </div>
  )
}
