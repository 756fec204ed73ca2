import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { ToolOffer } from '@/lib/api/types'
import { agentsTexts } from '@/lib/i18n/agents'
import type { ToolChoice } from './draft'
import { AgentTools, McpServers } from './OtherTools'
import { useToolOffers } from './queries'

const texts = agentsTexts.tools

/** Of these an agent can have several, each with a name of its own. */
const SEVERAL = new Set(['mcp', 'agent'])

export interface ToolsProps {
  chosen: ToolChoice[]
  onChange: (tools: ToolChoice[]) => void
}

/** Which tools the agent has, and which of them ask the person first. */
export function ToolPicker({ chosen, onChange, slug }: ToolsProps & { slug?: string | undefined }) {
  const offers = useToolOffers()
  if (offers.isPending) return <Skeleton rows={3} />
  if (offers.isError) return <ErrorNotice error={offers.error} onRetry={() => void offers.refetch()} />
  const servers = offers.data.find((offer) => offer.kind === 'mcp')?.servers ?? []
  return (
    <>
      <fieldset>
        <legend className="font-medium text-sm">{texts.title}</legend>
        <ul className="mt-2 divide-y divide-line rounded-xl border border-line bg-raised">
          {offers.data
            .filter((offer) => !SEVERAL.has(offer.kind))
            .map((offer) => (
              <OfferItem key={offer.kind} offer={offer} chosen={chosen} onChange={onChange} />
            ))}
        </ul>
      </fieldset>
      <McpServers servers={servers} chosen={chosen} onChange={onChange} />
      <AgentTools slug={slug} chosen={chosen} onChange={onChange} />
    </>
  )
}

function OfferItem({ offer, chosen, onChange }: ToolsProps & { offer: ToolOffer }) {
  const { kind } = offer
  const choice = chosen.find((candidate) => candidate.kind === kind)
  const toggle = (on: boolean) =>
    onChange(on ? [...chosen, { kind } as ToolChoice] : chosen.filter((each) => each.kind !== kind))
  const ask = (approval: boolean) =>
    onChange(chosen.map((each) => (each.kind === kind ? { ...each, approval } : each)))
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
      <label className="flex min-w-56 flex-1 items-start gap-3">
        <input
          type="checkbox"
          checked={choice !== undefined}
          disabled={!offer.available && !choice}
          onChange={(event) => toggle(event.target.checked)}
          className="mt-1 size-4 shrink-0 accent-accent"
        />
        <span>
          <span className="font-medium">{texts.names[kind] ?? kind}</span>
          <span className="block text-muted text-xs">
            {offer.available ? offer.description : offer.reason}
          </span>
        </span>
      </label>
      {choice && <AskFirst checked={choice.approval ?? false} onChange={ask} />}
    </li>
  )
}

export function AskFirst({ checked, onChange }: { checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="flex items-center gap-2 text-muted text-xs">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 accent-accent"
      />
      {texts.askFirst}
    </label>
  )
}
