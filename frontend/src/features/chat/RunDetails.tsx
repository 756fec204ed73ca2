import { Info } from 'lucide-react'
import { useId, useRef } from 'react'
import { placeBeside } from '@/components/placeBeside'
import type { RunSummary } from '@/lib/api/types'
import { formatCost } from '@/lib/cost'
import { formatMoment, formatNumber } from '@/lib/format'
import { t } from '@/lib/i18n'

/** Model, time, tokens and cost of an answer, on demand. */
export function RunDetails({ run }: { run: RunSummary }) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const card = useRef<HTMLDivElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={t.chat.details.title}
        title={t.chat.details.title}
        className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-10"
      >
        <Info size={15} aria-hidden="true" />
      </button>
      <div
        ref={card}
        id={id}
        popover="auto"
        onToggle={(event) => {
          if (event.newState === 'open' && card.current && button.current)
            placeBeside(card.current, button.current)
        }}
        className="fixed m-0 w-72 rounded-xl border border-line bg-raised p-4 text-sm shadow-float"
      >
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
          {detailsOf(run).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="text-right tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  )
}

function detailsOf(run: RunSummary): [string, string][] {
  const seconds = run.finished_at ? (Date.parse(run.finished_at) - Date.parse(run.created_at)) / 1000 : null
  const unit = { style: 'unit', unit: 'second', maximumFractionDigits: 1 } as const
  return [
    [t.chat.details.agent, agentOf(run)],
    [t.chat.details.model, run.model ?? '–'],
    [t.chat.details.when, formatMoment(run.created_at)],
    [t.chat.details.time, seconds === null ? '–' : formatNumber(seconds, unit)],
    [
      t.chat.details.tokens,
      t.chat.details.tokensInOut(formatNumber(run.input_tokens), formatNumber(run.output_tokens)),
    ],
    [t.chat.details.cost, formatCost(run.cost, isCostKnown(run))],
  ]
}

/** What a request took that was broken off, no provider tells. */
function isCostKnown({ state, unpriced_tokens }: RunSummary): boolean {
  return unpriced_tokens === 0 && (state === 'finished' || state === 'waiting')
}

/** "Guide, version 3" */
function agentOf({ agent_name, deployment_number }: RunSummary): string {
  if (!agent_name) return '–'
  return deployment_number ? t.chat.details.agentVersion(agent_name, deployment_number) : agent_name
}
