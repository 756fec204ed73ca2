import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { DeletionReceipt, DocumentRow, FileState, Page, SourceRow } from '@/lib/api/types'
import { useApi } from '@/lib/services'

const PAGE_SIZE = 50
/** While files are being read, the list asks again this often, in milliseconds. */
const FOLLOW_MS = 2_500
/** Uploads whose reading is followed at the same time. */
const MOST_FOLLOWED = 100
/** Between two looks at the sources. */
const LEAST_MS = 4_000
const MOST_MS = 60_000

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

/** The sources that this person may see; with `follow` it asks again when the next run of one is due. */
export function useSources({ follow = false } = {}) {
  const api = useApi()
  return useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => api.get<Page<SourceRow>>('/api/sources', {}, signal),
    refetchInterval: ({ state }) => follow && untilNextRun(state.data?.items ?? []),
    select: (page) => page.items,
  })
}

/** Milliseconds until the first of the next runs should be over; never less than a look costs, never more than a minute. */
function untilNextRun(sources: SourceRow[]): number {
  const due = sources.map((source) => Date.parse(source.next_run_at ?? '') - Date.now() || MOST_MS)
  return Math.max(LEAST_MS, Math.min(MOST_MS, ...due) + 1_000)
}

/**
 * What has become of files that were just uploaded, by their name in the ledger; asked until each has been read. One that
 * is not among the newest any more is not waited for.
 */
export function useReadUploads(uploaded: DocumentRow[]) {
  const api = useApi()
  const source = uploaded[0]?.source_id
  const isRead = (rows: Map<string, DocumentRow>) =>
    uploaded.every(({ external_id }) => rows.get(external_id)?.state !== 'pending')
  const read = useQuery({
    queryKey: ['documents', 'uploads', source],
    queryFn: async ({ signal }) => {
      const query = { source_id: source, limit: MOST_FOLLOWED }
      const page = await api.get<Page<DocumentRow>>('/api/documents', query, signal)
      return new Map(page.items.map((row) => [row.external_id, row]))
    },
    enabled: source !== undefined,
    refetchInterval: ({ state }) => (state.data && isRead(state.data) ? false : FOLLOW_MS),
  })
  return read.data ?? new Map<string, DocumentRow>()
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
