import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { DeletionReceipt, DocumentRow, FileState, Page, SourceRow } from '@/lib/api/types'
import { useApi } from '@/lib/services'

const PAGE_SIZE = 50
/** While files are being read, the list asks again this often, in milliseconds. */
const FOLLOW_MS = 2_500

export interface DocumentFilter {
  words: string
  state: FileState | ''
  sourceId: string
}

/** The files that this person may see, page by page; it follows files that are being read. */
export function useDocuments(filter: DocumentFilter) {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['documents', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<DocumentRow>>(
        '/api/documents',
        {
          cursor: pageParam,
          limit: PAGE_SIZE,
          q: filter.words,
          state: filter.state,
          source_id: filter.sourceId,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (previous) => previous,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((row) => row.state === 'pending')) ? FOLLOW_MS : false,
    select: (data) => data.pages.flatMap((page) => page.items),
  })
}

export function useSources() {
  const api = useApi()
  return useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => api.get<Page<SourceRow>>('/api/sources', {}, signal),
    select: (page) => page.items,
  })
}

export function useDeleteDocument() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.delete<DeletionReceipt>(`/api/documents/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['documents'] }),
  })
}

/** Asks the pipeline to try a file again now, or to leave it alone. */
export function useDecideOnFile() {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ row, decision }: { row: DocumentRow; decision: 'retry' | 'ignore' }) =>
      api.post<unknown>(`/api/documents/${decision}`, {
        source_id: row.source_id,
        external_id: row.external_id,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['documents'] }),
  })
}
