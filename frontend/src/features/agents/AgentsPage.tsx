import { MessageSquare, Plus, Settings2 } from 'lucide-react'
import { Link } from 'react-router'
import { EmptyState } from '@/components/EmptyState'
import { LINK_BUTTON, LINK_BUTTON_PRIMARY } from '@/components/linkButton'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import type { AgentSummary } from '@/lib/api/types'
import { agentsTexts } from '@/lib/i18n/agents'
import { useAgents } from '@/lib/queries'
import { AgentStatus } from './AgentStatus'
import { ImportAgent } from './ImportAgent'

const texts = agentsTexts

/** The agents that one may ask, as cards. */
export function AgentsPage() {
  const agents = useAgents()
  return (
    <PageFrame
      title={texts.title}
      intro={texts.intro}
      action={
        <span className="flex flex-wrap gap-2">
          <ImportAgent />
          <Link to="/agents/new" className={LINK_BUTTON_PRIMARY}>
            <Plus size={16} aria-hidden="true" />
            {texts.create}
          </Link>
        </span>
      }
    >
      {agents.isPending ? (
        <Skeleton rows={6} />
      ) : agents.isError ? (
        <ErrorNotice error={agents.error} onRetry={() => void agents.refetch()} />
      ) : agents.data.length === 0 ? (
        <EmptyState title={texts.empty} detail={texts.emptyDetail} />
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {agents.data.map((agent) => (
            <AgentCard key={agent.id} agent={agent} />
          ))}
        </ul>
      )}
    </PageFrame>
  )
}

function AgentCard({ agent }: { agent: AgentSummary }) {
  return (
    <li className="flex flex-col rounded-xl border border-line bg-raised p-4 [contain-intrinsic-size:auto_150px] [content-visibility:auto]">
      <div className="flex items-start justify-between gap-3">
        <h2 className="font-semibold">{agent.name}</h2>
        <AgentStatus status={agent.status} />
      </div>
      <p className="mt-1 line-clamp-3 flex-1 text-muted text-sm">{agent.description}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        {agent.status === 'deployed' && (
          <Link to={`/?agent=${agent.slug}`} className={LINK_BUTTON} aria-label={texts.askName(agent.name)}>
            <MessageSquare size={15} aria-hidden="true" />
            {texts.ask}
          </Link>
        )}
        <Link to={`/agents/${agent.slug}`} className={LINK_BUTTON} aria-label={texts.openName(agent.name)}>
          <Settings2 size={15} aria-hidden="true" />
          {texts.open}
        </Link>
      </div>
    </li>
  )
}
