import { useState } from 'react'
import type { AgentSummary } from '@/lib/api/types'
import { useAgents } from '@/lib/queries'

const KEY = 'roost-agent'

export interface AgentChoice {
  agents: AgentSummary[]
  agent: AgentSummary | undefined
  /** Undefined leaves the choice to the server: the conversation's agent, or the default one. */
  slug: string | undefined
  choose: (slug: string) => void
}

/** Which agent answers: the one chosen last in this browser, else the server's default. */
export function useAgentChoice(): AgentChoice {
  const agents = useAgents().data ?? []
  const [slug, setSlug] = useState(
    () => new URLSearchParams(location.search).get('agent') ?? localStorage.getItem(KEY),
  )
  const chosen = agents.find((agent) => agent.slug === slug && agent.status === 'deployed')
  return {
    agents,
    agent: chosen ?? agents.find((agent) => agent.slug === 'guide') ?? agents[0],
    slug: chosen?.slug,
    choose: (next) => {
      localStorage.setItem(KEY, next)
      setSlug(next)
    },
  }
}
