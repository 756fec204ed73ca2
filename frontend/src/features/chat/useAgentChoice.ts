import { useState } from 'react'
import type { AgentSummary } from '@/lib/api/types'
import { MOST_AGENTS, useAgents } from '@/lib/queries'

const KEY = 'roost-agent'

export interface AgentChoice {
  agents: AgentSummary[]
  agent: AgentSummary | undefined
  /** Undefined leaves the choice to the server: the conversation's agent, or the default one. */
  slug: string | undefined
  choose: (slug: string) => void
}

/**
 * Which agent answers: in a conversation the one that answered before, in a new one the one chosen last in this browser,
 * else the server's default.
 *
 * @param ofConversation the slug of the conversation's agent, where there is one.
 */
export function useAgentChoice(ofConversation?: string | null): AgentChoice {
  const { data: agents = [], isFetching } = useAgents()
  const [picked, setPicked] = useState<string | null>(null)
  const [last] = useState(
    () => new URLSearchParams(location.search).get('agent') ?? localStorage.getItem(KEY),
  )
  const slug = picked ?? ofConversation ?? last
  const chosen = agents.find((agent) => agent.slug === slug && agent.status === 'deployed')
  // A list that is missing or on its way says nothing yet: an agent made a moment ago would be passed over in silence.
  const unknown = (isFetching || agents.length >= MOST_AGENTS) && slug ? slug : undefined
  return {
    agents,
    agent: chosen ?? agents.find((agent) => agent.slug === 'guide') ?? agents[0],
    slug: chosen?.slug ?? unknown,
    choose: (next) => {
      localStorage.setItem(KEY, next)
      setPicked(next)
    },
  }
}
