import { useQuery } from '@tanstack/react-query'
import type { FileUIPart } from 'ai'
import { FileText } from 'lucide-react'
import { useApi } from '@/lib/services'

/** A file of a question. A kept one is fetched with the person's token, so it is shown from memory. */
export function AttachedFile({ file }: { file: FileUIPart }) {
  const api = useApi()
  const isImage = file.mediaType.startsWith('image/')
  const isKept = file.url.startsWith('/')
  const kept = useQuery({
    queryKey: ['attachment', file.url],
    queryFn: async () => {
      const response = await api.fetch(file.url)
      return response.ok ? URL.createObjectURL(await response.blob()) : null
    },
    enabled: isImage && isKept,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const source = isKept ? kept.data : file.url
  if (isImage && source) {
    return (
      <img
        src={source}
        alt={file.filename ?? ''}
        className="max-h-64 max-w-full rounded-xl border border-line"
      />
    )
  }
  return (
    <span className="inline-flex items-center gap-2 rounded-lg border border-line bg-raised px-3 py-2 text-sm">
      <FileText size={16} className="text-muted" aria-hidden="true" />
      {file.filename}
    </span>
  )
}
