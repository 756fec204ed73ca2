import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { BarChart } from '@/components/BarChart'
import { EmptyState } from '@/components/EmptyState'
import { Select } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { Page, UsageRow } from '@/lib/api/types'
import { everyDay } from '@/lib/everyDay'
import { formatDay, formatNumber } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { useApi } from '@/lib/services'
import { AdminFrame } from './AdminFrame'
import { UsageTable } from './UsageTable'

const texts = adminTexts.usage
const PERIODS = [7, 30, 90]
const DAY = 86_400_000
type By = keyof typeof texts.kinds

const MEASURES = {
  runs: { label: texts.runs, of: (row: UsageRow) => row.runs, shown: (n: number) => formatNumber(n) },
  tokens: {
    label: texts.tokens,
    of: (row: UsageRow) => row.input_tokens + row.output_tokens,
    shown: (n: number) => formatNumber(n, { notation: 'compact' }),
  },
  cost: {
    label: texts.cost,
    of: (row: UsageRow) => row.cost,
    shown: (n: number) => formatNumber(n, { style: 'currency', currency: 'USD' }),
  },
}

function useUsage(by: By, days: number) {
  const api = useApi()
  return useQuery({
    queryKey: ['usage', by, days],
    queryFn: ({ signal }) => {
      const since = new Date(Date.now() - days * DAY).toISOString()
      return api.get<Page<UsageRow>>('/api/usage', { by, since, everybody: true }, signal)
    },
    select: (page) => page.items,
    placeholderData: keepPreviousData,
  })
}

/** Answers, tokens and cost of everybody: by day as a chart, and by what one asks for as a table. */
export function UsagePage() {
  const [days, setDays] = useState(30)
  const [by, setBy] = useState<By>('person')
  const [measure, setMeasure] = useState<keyof typeof MEASURES>('runs')
  const daily = useUsage('day', days)
  const rows = useUsage(by, days)
  const { label, of, shown } = MEASURES[measure]
  const bars = useMemo(
    () =>
      everyDay(daily.data ?? [], days, (each) => each.key).map(({ day, row }) => ({
        label: formatDay(day),
        value: row ? of(row) : 0,
      })),
    [daily.data, days, of],
  )
  const failure = daily.error ?? rows.error

  return (
    <AdminFrame title={texts.title} intro={texts.intro}>
      <div className="mb-5 grid gap-2 sm:grid-cols-3">
        <Select label={texts.period} value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {PERIODS.map((period) => (
            <option key={period} value={period}>
              {texts.days(period)}
            </option>
          ))}
        </Select>
        <Select
          label={texts.measure}
          value={measure}
          onChange={(event) => setMeasure(event.target.value as keyof typeof MEASURES)}
        >
          {Object.entries(MEASURES).map(([name, each]) => (
            <option key={name} value={name}>
              {each.label}
            </option>
          ))}
        </Select>
        <Select label={texts.by} value={by} onChange={(event) => setBy(event.target.value as By)}>
          {Object.entries(texts.kinds).map(([kind, name]) => (
            <option key={kind} value={kind}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      {failure ? (
        <ErrorNotice error={failure} onRetry={() => void Promise.all([daily.refetch(), rows.refetch()])} />
      ) : daily.isPending || rows.isPending ? (
        <Skeleton rows={8} />
      ) : daily.data?.length === 0 ? (
        <EmptyState title={texts.empty} />
      ) : (
        <>
          <figure className="rounded-xl border border-line bg-raised p-4">
            <figcaption className="mb-2 font-medium text-sm">{texts.chart(label)}</figcaption>
            <BarChart
              label={texts.chart(label)}
              bars={bars.map((bar) => ({ ...bar, shown: shown(bar.value) }))}
            />
          </figure>
          <UsageTable head={texts.kinds[by]} rows={rows.data ?? []} />
        </>
      )}
    </AdminFrame>
  )
}
