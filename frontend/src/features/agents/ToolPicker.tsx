import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { t } from '@/lib/i18n'
import type { ToolChoice } from './draft'
import { useToolOffers } from './queries'

const texts = t.agents.tools

/** These need more than a tick; they are set by the API and kept as they are. */
const SET_ELSEWHERE = new Set(['mcp', 'agent'])

interface ToolPickerProps {
  chosen: ToolChoice[]
  onChange: (tools: ToolChoice[]) => void
}

/** Which tools the agent has, and which of them ask the person first. */
export function ToolPicker({ chosen, onChange }: ToolPickerProps) {
  const offers = useToolOffers()
  if (offers.isPending) return <Skeleton rows={3} />
  if (offers.isError) return <ErrorNotice error={offers.error} onRetry={() => void offers.refetch()} />

  const toggle = (kind: string, on: boolean) =>
    onChange(on ? [...chosen, { kind } as ToolChoice] : chosen.filter((choice) => choice.kind !== kind))
  const ask = (kind: string, approval: boolean) =>
    onChange(chosen.map((choice) => (choice.kind === kind ? { ...choice, approval } : choice)))

  return (
    <fieldset>
      <legend className="font-medium text-sm">{texts.title}</legend>
      <ul className="mt-2 divide-y divide-line rounded-xl border border-line bg-raised">
        {offers.data
          .filter((offer) => !SET_ELSEWHERE.has(offer.kind))
          .map((offer) => {
            const choice = chosen.find((candidate) => candidate.kind === offer.kind)
            const name = texts.names[offer.kind] ?? offer.kind
            return (
              <li key={offer.kind} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
                <label className="flex min-w-56 flex-1 items-start gap-3">
                  <input
                    type="checkbox"
                    checked={choice !== undefined}
                    disabled={!offer.available && !choice}
                    onChange={(event) => toggle(offer.kind, event.target.checked)}
                    className="mt-1 size-4 accent-accent"
                  />
                  <span>
                    <span className="font-medium">{name}</span>
                    <span className="block text-muted text-xs">
                      {offer.available ? offer.description : offer.reason}
                    </span>
                  </span>
                </label>
                {choice && (
                  <label className="flex items-center gap-2 text-muted text-xs">
                    <input
                      type="checkbox"
                      checked={choice.approval ?? false}
                      onChange={(event) => ask(offer.kind, event.target.checked)}
                      className="size-4 accent-accent"
                    />
                    {texts.askFirst}
                  </label>
                )}
              </li>
            )
          })}
        {chosen
          .filter((choice) => SET_ELSEWHERE.has(choice.kind ?? ''))
          .map((choice) => (
            <li key={JSON.stringify(choice)} className="px-4 py-3 text-muted text-sm">
              {texts.setElsewhere(texts.names[choice.kind ?? ''] ?? '')}
            </li>
          ))}
      </ul>
    </fieldset>
  )
}
