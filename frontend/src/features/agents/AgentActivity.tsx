import { Link } from 'react-router'
import type { Agent } from '@/lib/api/types'
import { formatCost } from '@/lib/cost'
import { formatAgo, formatNumber } from '@/lib/format'
import { agentsTexts } from '@/lib/i18n/agents'

const texts = agentsTexts.activity

/** How the agent has fared in the last thirty days, in numbers. */
export function AgentActivity({
  slug,
  activity,
}: {
  slug: string
  activity: NonNullable<Agent['activity']>
}) {
  const ended = activity.finished + activity.failed
  const rate = ended > 0 ? activity.failed / ended : 0
  const tokens = activity.input_tokens + activity.output_tokens
  const numbers: [string, string][] = [
    [texts.runs, formatNumber(activity.runs)],
    [texts.people, formatNumber(activity.people)],
    [texts.errors, formatNumber(rate, { style: 'percent', maximumFractionDigits: 1 })],
    [texts.tokens, formatNumber(tokens, { notation: 'compact' })],
    [texts.cost, formatCost(activity.cost, activity.unpriced_tokens === 0)],
    [texts.liked, `${formatNumber(activity.liked)} / ${formatNumber(activity.disliked)}`],
    [texts.last, activity.last_run_at ? formatAgo(activity.last_run_at) : '–'],
  ]
  return (
    <section aria-label={texts.title} className="mb-8">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line sm:grid-cols-3 lg:grid-cols-7">
        {numbers.map(([name, value]) => (
          <div
            key={name}
            className="bg-raised px-4 py-3 last:col-span-2 sm:last:col-span-3 lg:last:col-span-1"
          >
            <dt className="text-muted text-xs">{name}</dt>
            <dd className="mt-0.5 font-semibold text-lg tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-1.5 flex flex-wrap justify-between gap-x-4 text-muted text-xs">
        {texts.title}
        <Link to={`/agents/${slug}/status`} className="text-ink underline underline-offset-4">
          {texts.more}
        </Link>
      </p>
    </section>
  )
}
