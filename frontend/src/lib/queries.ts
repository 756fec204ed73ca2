import { QueryClient, useQuery } from '@tanstack/react-query'
import { Problem } from './api/problem'
import type { AgentSummary, Me, Page } from './api/types'
import { useApi } from './services'

/** Answers that another try will not change: the client's own fault. */
const FINAL = new Set([400, 401, 403, 404, 409, 413, 422])

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < 2 && !(error instanceof Problem && FINAL.has(error.status)),
      },
    },
  })
}

/** Who is logged in, with their role. */
export function useMe() {
  const api = useApi()
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => api.get<Me>('/api/me', {}, signal),
    staleTime: 300_000,
  })
}

/** As many agents as the API gives at once; whoever has more finds them on the page of agents. */
export const MOST_AGENTS = 999

/** The agents that this person may ask. */
export function useAgents() {
  const api = useApi()
  return useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => api.get<Page<AgentSummary>>('/api/agents', { limit: MOST_AGENTS }, signal),
    staleTime: 60_000,
    select: (page) => page.items,
  })
}
