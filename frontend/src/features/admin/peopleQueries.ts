import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Invitation, Member, NewInvitation, Page, Person } from '@/lib/api/types'
import { useApi } from '@/lib/services'

export function useChangePerson() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: Partial<Pick<Person, 'role' | 'status'>> }) =>
      api.patch<Person>(`/api/people/${id}`, change),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['me'] })
      return queries.invalidateQueries({ queryKey: ['people'] })
    },
  })
}

export function useInvitations() {
  const api = useApi()
  return useQuery({
    queryKey: ['invitations'],
    queryFn: ({ signal }) => api.get<Page<Invitation>>('/api/invitations', {}, signal),
    select: (page) => page.items,
  })
}

export function useInvite() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (request: { email: string; role: string; group_ids: string[] }) =>
      api.post<NewInvitation>('/api/invitations', request),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  })
}

export function useRevokeInvitation() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.delete<void>(`/api/invitations/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  })
}

/** Makes a group, renames one, or deletes one. */
export function useKeepGroup() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, name }: { id?: string | undefined; name: string | null }) => {
      if (!id) return api.post<unknown>('/api/groups', { name })
      return name === null ? api.delete<void>(`/api/groups/${id}`) : api.patch(`/api/groups/${id}`, { name })
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['people'] })
      return queries.invalidateQueries({ queryKey: ['groups'] })
    },
  })
}

export function useMembers(groupId: string) {
  const api = useApi()
  return useQuery({
    queryKey: ['groups', groupId, 'members'],
    queryFn: ({ signal }) => api.get<Page<Member>>(`/api/groups/${groupId}/members`, {}, signal),
    select: (page) => page.items,
  })
}

export function useChangeMembers(groupId: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: { add?: string[]; remove?: string[] }) =>
      api.post<void>(`/api/groups/${groupId}/members`, change),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['people'] })
      return queries.invalidateQueries({ queryKey: ['groups'] })
    },
  })
}
