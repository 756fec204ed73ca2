import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Agent, Deployment, DeploymentRequest, Page, ToolOffer } from '@/lib/api/types'
import { useApi } from '@/lib/services'

/** One agent, with how it has fared for those who may manage it. */
export function useAgent(slug: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['agents', slug],
    queryFn: ({ signal }) => api.get<Agent>(`/api/agents/${slug}`, {}, signal),
  })
}

/** All deployments of an agent, newest first. */
export function useDeployments(slug: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['agents', slug, 'deployments'],
    queryFn: ({ signal }) =>
      api.get<Page<Deployment>>(`/api/agents/${slug}/deployments`, { limit: 50 }, signal),
    select: (page) => page.items,
  })
}

export function useToolOffers() {
  const api = useApi()
  return useQuery({
    queryKey: ['tools'],
    queryFn: ({ signal }) => api.get<Page<ToolOffer>>('/api/tools', {}, signal),
    select: (page) => page.items,
    staleTime: 300_000,
  })
}

export interface AgentText {
  name: string
  description: string
}

/** Makes an agent and deploys its first version. */
export function useCreateAgent() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (agent: AgentText & { slug: string; deployment: DeploymentRequest }) =>
      api.post<Agent>('/api/agents', agent),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
}

/** Deploys a new version, and renames the agent where its name or description has changed. */
export function useDeploy(agent: Agent) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ text, deployment }: { text: AgentText; deployment: DeploymentRequest }) => {
      if (text.name !== agent.name || text.description !== agent.description) {
        await api.patch<Agent>(`/api/agents/${agent.slug}`, text)
      }
      return api.post<Deployment>(`/api/agents/${agent.slug}/deploy`, deployment)
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
}

export type AgentAction = { kind: 'pause' | 'resume' } | { kind: 'rollback'; number: number }

/** Pauses, resumes, or goes back to another version. */
export function useAct(slug: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (action: AgentAction) =>
      api.post<Agent>(
        `/api/agents/${slug}/${action.kind}`,
        action.kind === 'rollback' ? { number: action.number } : undefined,
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
}

export function useDeleteAgent(slug: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete<void>(`/api/agents/${slug}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'], refetchType: 'none' }),
  })
}
