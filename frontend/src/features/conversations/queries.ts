import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { ConversationDetail, ConversationSummary, FoundConversation, Page } from '@/lib/api/types'
import { saveFile } from '@/lib/saveFile'
import { useApi } from '@/lib/services'
import { fileNameOf, toMarkdown } from './exportConversation'

const PAGE_SIZE = 40

/** A person's conversations, newest first, page by page. */
export function useConversations(search: string, archived: boolean) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['conversations', { search, archived }],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<FoundConversation>>(
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

/** Saves a conversation as a file: the branch that is shown as Markdown, or everything as JSON. */
export function useExportConversation() {
  const api = useApi()
  return useMutation({
    mutationFn: async ({ id, format }: { id: string; format: 'md' | 'json' }) => {
      const conversation = await api.get<ConversationDetail>(`/api/conversations/${encodeURIComponent(id)}`)
      const name = `${fileNameOf(conversation.title)}.${format}`
      if (format === 'md') saveFile(name, 'text/markdown', toMarkdown(conversation))
      else saveFile(name, 'application/json', JSON.stringify(conversation, null, 2))
    },
  })
}
