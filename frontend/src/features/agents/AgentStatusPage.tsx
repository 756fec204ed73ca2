import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { BarChart } from '@/components/BarChart'
import { EmptyState } from '@/components/EmptyState'
import { Select } from '@/components/Field'
import { LINK_BUTTON } from '@/components/linkButton'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import type { AgentDay, AgentStatistics } from '@/lib/api/types'
import { everyDay } from '@/lib/everyDay'
import { formatDay, formatMoment, formatNumber } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { agentsTexts } from '@/lib/i18n/agents'
import { useApi } from '@/lib/services'
import { useAgent } from './queries'

const texts = agentsTexts.statistics
const PERIODS = [7, 30, 90]

const CHARTS: { label: string; of: (day: AgentDay) => number; shown: (value: number) => string }[] = [
  { label: texts.runs, of: (day) => day.runs, shown: (value) => formatNumber(value) },
  { label: texts.failed, of: (day) => day.failed, shown: (value) => formatNumber(value) },
  { label: texts.p50, of: (day) => day.p50_seconds ?? 0, shown: seconds },
  { label: texts.p95, of: (day) => day.p95_seconds ?? 0, shown: seconds },
  {
    label: texts.tokens,
    of: (day) => day.tokens,
    shown: (value) => formatNumber(value, { notation: 'compact' }),
  },
  {
    label: texts.cost,
    of: (day) => day.cost,
    shown: (value) => formatNumber(value, { style: 'currency', currency: 'USD', maximumFractionDigits: 4 }),
  },
]

function seconds(value: number): string {
  return texts.seconds(formatNumber(value, { maximumFractionDigits: 1 }))
}

/** How an agent is doing: runs, failures, time, tokens and cost by day, and what failed last. */
export function AgentStatusPage() {
  const { slug = '' } = useParams()
  const api = useApi()
  const [days, setDays] = useState(30)
  const agent = useAgent(slug)
  const statistics = useQuery({
    queryKey: ['agents', slug, 'statistics', days],
    queryFn: ({ signal }) => api.get<AgentStatistics>(`/api/agents/${slug}/statistics`, { days }, signal),
    placeholderData: (before) => before,
  })

  return (
    <PageFrame
      title={texts.title(agent.data?.name ?? slug)}
      intro={texts.intro}
      action={
        <Link to={`/agents/${slug}`} className={LINK_BUTTON}>
          <ArrowLeft size={15} aria-hidden="true" />
          {texts.back}
        </Link>
      }
    >
      <div className="mb-5 max-w-56">
        <Select label={texts.period} value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {PERIODS.map((period) => (
            <option key={period} value={period}>
              {adminTexts.usage.days(period)}
            </option>
          ))}
        </Select>
      </div>
      {statistics.isPending ? (
        <Skeleton rows={8} />
      ) : statistics.isError ? (
        <ErrorNotice error={statistics.error} onRetry={() => void statistics.refetch()} />
      ) : statistics.data.days.length === 0 ? (
        <EmptyState title={texts.empty} />
      ) : (
        <>
          <Charts days={days} rows={statistics.data.days} />
          <Failures failures={statistics.data.failures} />
        </>
      )}
    </PageFrame>
  )
}

function Charts({ days, rows }: { days: number; rows: AgentDay[] }) {
  const all = everyDay(rows, days, (row) => row.day)
  return (
    <div className="grid gap-4 md:grid-cols-2">
      {CHARTS.map(({ label, of, shown }) => {
        const bars = all.map(({ day, row }) => {
          const value = row ? of(row) : 0
          return { label: formatDay(day), value, shown: shown(value) }
        })
        return (
          <figure key={label} className="rounded-xl border border-line bg-raised p-4">
            <figcaption className="mb-2 font-medium text-sm">{label}</figcaption>
            <BarChart label={label} bars={bars} />
          </figure>
        )
      })}
    </div>
  )
}

function Failures({ failures }: { failures: AgentStatistics['failures'] }) {
  return (
    <section aria-labelledby="failures" className="mt-8">
      <h2 id="failures" className="mb-3 font-semibold">
        {texts.failures}
      </h2>
      {failures.length === 0 ? (
        <p className="text-muted text-sm">{texts.noFailures}</p>
      ) : (
        <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
          {failures.map((failure) => (
            <li key={failure.at} className="px-4 py-3 text-sm">
              <p className="[overflow-wrap:anywhere]">{failure.detail}</p>
              <p className="mt-0.5 text-muted text-xs">
                {[
                  formatMoment(failure.at),
                  failure.deployment_number && agentsTexts.versions.number(failure.deployment_number),
                  failure.model,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
