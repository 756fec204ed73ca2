import type { AgentSummary } from '@/lib/api/types'
import { classes } from '@/lib/classes'
import { agentsTexts } from '@/lib/i18n/agents'

const LOOKS: Record<AgentSummary['status'], string> = {
  deployed: 'bg-accent-soft text-accent-strong',
  paused: 'bg-warn-soft text-warn',
  draft: 'bg-sunken text-muted',
}

export function AgentStatus({ status }: { status: AgentSummary['status'] }) {
  return (
    <span
      className={classes('whitespace-nowrap rounded-full px-2.5 py-0.5 font-medium text-xs', LOOKS[status])}
    >
      {agentsTexts.status[status]}
    </span>
  )
}
