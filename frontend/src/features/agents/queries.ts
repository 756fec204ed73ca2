import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Problem, problemFrom } from '@/lib/api/problem'
import type {
  Agent,
  AgentSummary,
  Deployment,
  DeploymentRequest,
  Page,
  StoredDraft,
  ToolOffer,
} from '@/lib/api/types'
import { saveFile } from '@/lib/saveFile'
import { useApi } from '@/lib/services'

/** Agents by name, page by page; with `words` those that have them in their name. */
export function useFoundAgents(words: string) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['agents', { words }],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<AgentSummary>>('/api/agents', { q: words, cursor: pageParam, limit: 60 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: (before) => before,
    select: (data) => data.pages.flatMap((page) => page.items),
  })
}

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
      const made = await api.post<Deployment>(`/api/agents/${agent.slug}/deploy`, deployment)
      // After it: a deployment that is refused renames nothing.
      if (text.name !== agent.name || text.description !== agent.description) {
        await api.patch<Agent>(`/api/agents/${agent.slug}`, text)
      }
      return made
    },
    // Also where it was refused: somebody else may have deployed meanwhile.
    onSettled: () => queries.invalidateQueries({ queryKey: ['agents'] }),
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

/** Reads the draft of an agent now; null where there is none. */
export function useReadDraft(slug: string) {
  const api = useApi()
  return async (signal?: AbortSignal) => {
    try {
      return await api.get<StoredDraft>(`/api/agents/${slug}/draft`, {}, signal)
    } catch (error) {
      if (error instanceof Problem && error.slug === 'draft-not-found') return null
      throw error
    }
  }
}

/** What the editor held and was not deployed; null where there is nothing such. */
export function useStoredDraft(slug: string, enabled: boolean) {
  const read = useReadDraft(slug)
  return useQuery({
    queryKey: ['agents', slug, 'draft'],
    queryFn: ({ signal }) => read(signal),
    enabled,
    // Read once, when the editor opens: from then on the form is the newer one.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}

export function useSaveDraft(slug: string) {
  const api = useApi()
  return useMutation({
    /** `basedOn` names the draft that was seen by the time it was saved, or is `none`. */
    mutationFn: ({ deployment, basedOn }: { deployment: DeploymentRequest; basedOn: string }) =>
      api.put<StoredDraft>(`/api/agents/${slug}/draft?based_on=${encodeURIComponent(basedOn)}`, deployment),
  })
}

export function useDiscardDraft(slug: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    /** The draft that was seen goes; one that was saved since is left. */
    mutationFn: (basedOn: string) =>
      api.delete<void>(`/api/agents/${slug}/draft?based_on=${encodeURIComponent(basedOn)}`),
    onSuccess: () => queries.setQueryData(['agents', slug, 'draft'], null),
  })
}

/** Makes an agent that answers nobody yet, with what is to be tried as its draft. */
export function useCreateDraft() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({
      deployment,
      ...agent
    }: AgentText & { slug: string; deployment: DeploymentRequest }) => {
      const made = await api.post<Agent>('/api/agents', agent)
      await api.put<StoredDraft>(`/api/agents/${made.slug}/draft`, deployment)
      return made
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
}

/** Makes an agent of a file, or with `replace` deploys the file to the agent that is there. */
export function useImportAgent() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ text, replace }: { text: string; replace: boolean }) => {
      const response = await api.fetch(`/api/agents/import?replace=${replace}`, {
        method: 'POST',
        headers: { 'content-type': 'application/yaml' },
        body: text,
      })
      if (!response.ok) throw await problemFrom(response)
      return (await response.json()) as Agent
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
}

/** Saves an agent with its live version as a file. */
export function useExportAgent(slug: string) {
  const api = useApi()
  return useMutation({
    mutationFn: async () => {
      const response = await api.fetch(`/api/agents/${slug}/export`)
      if (!response.ok) throw await problemFrom(response)
      saveFile(`${slug}.yaml`, 'application/yaml', await response.text())
    },
  })
}
