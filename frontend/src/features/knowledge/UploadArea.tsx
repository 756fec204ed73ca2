import { Check, CircleAlert, Upload as UploadIcon, X } from 'lucide-react'
import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { Button, IconButton } from '@/components/Button'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { isUnread } from './isUnread'
import type { Upload } from './useUploads'

/** What the pipeline reads; the server decides, this only sorts the file chooser. */
const ACCEPTED = '.pdf,.docx,.pptx,.xlsx,.csv,.html,.htm,.md,.txt,.eml,.png,.jpg,.jpeg'

export function AddButton({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button
        look="primary"
        icon={<UploadIcon size={16} aria-hidden="true" />}
        onClick={() => input.current?.click()}
      >
        {knowledgeTexts.documents.add}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        accept={ACCEPTED}
        aria-label={knowledgeTexts.documents.add}
        tabIndex={-1}
        className="hidden"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </>
  )
}

/** Takes files that are dropped anywhere on it. */
export function DropArea({
  onFiles,
  children,
}: {
  onFiles: (files: Iterable<File>) => void
  children: ReactNode
}) {
  const [over, setOver] = useState(0)

  const withFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button does the same for keyboards
    <div
      className="relative flex-1"
      onDragEnter={(event) => withFiles(event) && setOver((count) => count + 1)}
      onDragLeave={(event) => withFiles(event) && setOver((count) => Math.max(0, count - 1))}
      onDragOver={(event) => withFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!withFiles(event)) return
        event.preventDefault()
        setOver(0)
        onFiles(event.dataTransfer.files)
      }}
    >
      {children}
      {over > 0 && (
        <div className="pointer-events-none absolute inset-2 flex items-center justify-center rounded-2xl border-2 border-accent border-dashed bg-accent-soft/90 font-medium">
          {knowledgeTexts.documents.drop}
        </div>
      )}
    </div>
  )
}

/** The files that are on their way, and what became of them. */
export function UploadList({ uploads, onDismiss }: { uploads: Upload[]; onDismiss: () => void }) {
  if (uploads.length === 0) return null
  const active = uploads.some((upload) => upload.state === 'waiting' || upload.state === 'sending')
  const visibility = uploads.find((upload) => upload.row)?.row?.visibility
  const readers = visibility === 'everyone' || visibility === 'restricted' ? visibility : null
  return (
    <section
      aria-label={knowledgeTexts.documents.uploads}
      className="mb-5 rounded-xl border border-line bg-raised text-sm shadow-float"
    >
      <header className="flex min-h-10 items-center justify-between gap-3 px-4 pt-2.5">
        <div>
          <h2 className="font-medium">{knowledgeTexts.documents.uploads}</h2>
          {readers && <p className="text-muted text-xs">{knowledgeTexts.documents.uploadReaders[readers]}</p>}
        </div>
        {!active && (
          <IconButton label={knowledgeTexts.documents.dismiss} icon={<X size={16} />} onClick={onDismiss} />
        )}
      </header>
      <ul aria-live="polite" className="max-h-56 overflow-y-auto px-4 pb-3">
        {uploads.map((upload) => (
          <li key={upload.id} className="flex items-center gap-3 py-1.5">
            <UploadState upload={upload} />
            <span className="min-w-0 flex-1">
              <span className="block truncate">{upload.name}</span>
              {upload.state === 'failed' && (
                <span className="block text-danger text-xs">
                  {knowledgeTexts.documents.uploadFailed}: {upload.error}
                </span>
              )}
              {upload.state === 'done' && <Outcome upload={upload} />}
              {(upload.state === 'sending' || upload.state === 'waiting') && (
                <progress
                  value={upload.progress}
                  aria-label={knowledgeTexts.documents.uploading(upload.name)}
                  className="mt-1 block h-1.5 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
                />
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What became of a file that was taken in: read, or why it could not be. */
function Outcome({ upload }: { upload: Upload }) {
  const texts = knowledgeTexts.documents
  const { row } = upload
  if (row && isUnread(row))
    return (
      <span className="block text-danger text-xs">
        {texts.states[row.state]}: {row.reason_text ?? row.last_error}
      </span>
    )
  return (
    <span className="block text-muted text-xs">
      {row?.state === 'ready' ? texts.uploadRead : texts.uploadDone}
    </span>
  )
}

function UploadState({ upload }: { upload: Upload }) {
  if (upload.row && isUnread(upload.row))
    return <CircleAlert size={17} className="shrink-0 text-danger" aria-hidden="true" />
  if (upload.state === 'done') return <Check size={17} className="shrink-0 text-accent" aria-hidden="true" />
  if (upload.state === 'failed')
    return <CircleAlert size={17} className="shrink-0 text-danger" aria-hidden="true" />
  return <UploadIcon size={17} className="shrink-0 animate-pulse text-muted" aria-hidden="true" />
}
