import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { Problem } from '@/lib/api/problem'
import type { DocumentRow } from '@/lib/api/types'
import { formatBytes } from '@/lib/format'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useServices } from '@/lib/services'
import { useReadUploads } from './queries'
import { sendFile } from './sendFile'

export interface Upload {
  id: number
  name: string
  /** Share of the file that has been sent, 0 to 1. */
  progress: number
  state: 'waiting' | 'sending' | 'done' | 'failed'
  error?: string
  /** The file in the ledger, once it was taken in. */
  row?: DocumentRow
}

/** Files that are sent at the same time; the others wait their turn. */
const AT_ONCE = 3

/** Sends files one request each, so that one that is refused does not take the others with it. */
export function useUploads() {
  const { auth, config } = useServices()
  const queries = useQueryClient()
  const [uploads, setUploads] = useState<Upload[]>([])
  const nextId = useRef(0)
  const waiting = useRef<{ id: number; file: File }[]>([])
  const running = useRef(0)
  /** Files that were read, or could not be: that stays so also when the list has gone on. */
  const outcomes = useRef(new Map<string, DocumentRow>())

  const change = useCallback((id: number, fields: Partial<Upload>) => {
    setUploads((all) => all.map((upload) => (upload.id === id ? { ...upload, ...fields } : upload)))
  }, [])

  const sendNext = useCallback(async () => {
    const next = running.current < AT_ONCE ? waiting.current.shift() : undefined
    if (!next) return
    running.current += 1
    change(next.id, { state: 'sending' })
    try {
      const { data } = await auth.getSession()
      const token = data.session?.access_token ?? ''
      const row = await sendFile(next.file, token, (progress) => change(next.id, { progress }))
      change(next.id, { state: 'done', progress: 1, row })
    } catch (error) {
      const detail = error instanceof Problem ? error.detail : t.problems.offlineDetail
      change(next.id, { state: 'failed', error: detail })
    }
    running.current -= 1
    void queries.invalidateQueries({ queryKey: ['documents'] })
    void sendNext()
  }, [auth, queries, change])

  const add = useCallback(
    (files: Iterable<File>) => {
      const limit = config.features.maxUploadBytes
      const accepted: Upload[] = []
      for (const file of files) {
        nextId.current += 1
        const id = nextId.current
        const tooLarge = file.size > limit
        accepted.push({
          id,
          name: file.name,
          progress: 0,
          state: tooLarge ? 'failed' : 'waiting',
          ...(tooLarge && { error: knowledgeTexts.documents.uploadTooLarge(formatBytes(limit)) }),
        })
        if (!tooLarge) waiting.current.push({ id, file })
      }
      setUploads((all) => [...accepted, ...all])
      for (let lane = 0; lane < AT_ONCE; lane++) void sendNext()
    },
    [config, sendNext],
  )

  const dismiss = useCallback(() => {
    setUploads((all) => all.filter((upload) => upload.state === 'waiting' || upload.state === 'sending'))
  }, [])

  const read = useReadUploads(uploads.flatMap((upload) => upload.row ?? []))
  const followed = uploads.map((upload) => {
    const name = upload.row?.external_id ?? ''
    const row = read.get(name)
    if (row && row.state !== 'pending') outcomes.current.set(name, row)
    const known = row ?? outcomes.current.get(name)
    return known ? { ...upload, row: known } : upload
  })

  return { uploads: followed, add, dismiss }
}
