import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { ConversationSummary, Page } from '@/lib/api/types'
import { useApi } from '@/lib/services'

const PAGE_SIZE = 40

/** A person's conversations, newest first, page by page. */
export function useConversations(search: string, archived: boolean) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['conversations', { search, archived }],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ConversationSummary>>(
        '/api/conversations',
        { cursor: pageParam, limit: PAGE_SIZE, q: search, archived: archived || undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    select: (data) => data.pages.flatMap((page) => page.items),
    placeholderData: (previous) => previous,
  })
}

export type ConversationChange = Partial<Pick<ConversationSummary, 'title' | 'pinned' | 'archived'>>

export function useChangeConversation() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: ConversationChange }) =>
      api.patch<unknown>(`/api/conversations/${encodeURIComponent(id)}`, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['conversations'] }),
  })
}

export function useDeleteConversation() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.delete<void>(`/api/conversations/${encodeURIComponent(id)}`),
    onSuccess: (_nothing, id) => {
      queries.removeQueries({ queryKey: ['conversation', id] })
      return queries.invalidateQueries({ queryKey: ['conversations'] })
    },
  })
}
