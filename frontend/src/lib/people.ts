import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Group, Page, Person } from './api/types'
import { useApi } from './services'

/** People by address, page by page, for administrators. */
export function usePeople(words: string, enabled = true) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['people', words],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Person>>('/api/people', { q: words, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    select: (data) => data.pages.flatMap((page) => page.items),
    placeholderData: (before) => before,
    enabled,
  })
}

/** Groups by name: all for an administrator, one's own for others. */
export function useGroups(enabled = true) {
  const api = useApi()
  return useQuery({
    queryKey: ['groups'],
    queryFn: ({ signal }) => api.get<Page<Group>>('/api/groups', {}, signal),
    select: (page) => page.items,
    enabled,
  })
}
