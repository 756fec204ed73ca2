import { MessageSquare, Plus, Settings2 } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Link } from 'react-router'
import { EmptyState } from '@/components/EmptyState'
import { TextField } from '@/components/Field'
import { LoadMore } from '@/components/LoadMore'
import { LINK_BUTTON, LINK_BUTTON_PRIMARY } from '@/components/linkButton'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import type { AgentSummary } from '@/lib/api/types'
import { agentsTexts } from '@/lib/i18n/agents'
import { AgentStatus } from './AgentStatus'
import { ImportAgent } from './ImportAgent'
import { useFoundAgents } from './queries'

const texts = agentsTexts

/** The agents that one may ask, as cards. */
export function AgentsPage() {
  const [words, setWords] = useState('')
  const search = useDeferredValue(words.trim())
  const agents = useFoundAgents(search)
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
      <div className="mb-4">
        <TextField
          label={texts.search}
          hideLabel
          type="search"
          placeholder={texts.search}
          value={words}
          maxLength={120}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      {agents.isPending ? (
        <Skeleton rows={6} />
      ) : agents.isError ? (
        <ErrorNotice error={agents.error} onRetry={() => void agents.refetch()} />
      ) : agents.data.length === 0 ? (
        <EmptyState title={search ? texts.nothing : texts.empty} detail={search ? '' : texts.emptyDetail} />
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {agents.data.map((agent) => (
            <AgentCard key={agent.id} agent={agent} />
          ))}
        </ul>
      )}
      <LoadMore
        more={agents.hasNextPage}
        busy={agents.isFetchingNextPage}
        onMore={() => void agents.fetchNextPage()}
      />
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
