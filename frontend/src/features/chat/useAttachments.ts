import { convertFileListToFileUIParts, type FileUIPart } from 'ai'
import { useState } from 'react'
import { formatBytes } from '@/lib/format'
import { t } from '@/lib/i18n'

/** What one question takes in all, in bytes; the server holds to the same. */
const MOST_BYTES = 5 * 1024 * 1024
const MOST_FILES = 10

/** The files that go with the next question, read into the browser and not sent yet. */
export function useAttachments() {
  const [files, setFiles] = useState<FileUIPart[]>([])
  const [refusal, setRefusal] = useState<string | null>(null)

  const add = async (chosen: Iterable<File>) => {
    setRefusal(null)
    const fitting: File[] = []
    for (const file of chosen) {
      if (file.size > MOST_BYTES) setRefusal(t.chat.attach.tooLarge(file.name, formatBytes(MOST_BYTES)))
      else fitting.push(file)
    }
    const transfer = new DataTransfer()
    for (const file of fitting) transfer.items.add(file)
    const parts = await convertFileListToFileUIParts(transfer.files)
    setFiles((before) => {
      const all = [...before, ...parts]
      if (all.length > MOST_FILES) setRefusal(t.chat.attach.tooMany(MOST_FILES))
      return all.slice(0, MOST_FILES)
    })
  }

  return {
    files,
    refusal,
    add: (chosen: Iterable<File>) => void add(chosen),
    remove: (index: number) => setFiles((before) => before.filter((_file, at) => at !== index)),
    clear: () => setFiles([]),
    restore: setFiles,
  }
}

export type Attachments = ReturnType<typeof useAttachments>
