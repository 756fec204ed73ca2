import { Camera, Paperclip, X } from 'lucide-react'
import { type InputHTMLAttributes, type ReactNode, useRef } from 'react'
import { IconButton } from '@/components/Button'
import { t } from '@/lib/i18n'
import type { Attachments } from './useAttachments'

const ACCEPTED = 'image/*,application/pdf,text/*,.md,.csv'

/** Chooses files; on phones and tablets a photo can be taken, too. */
export function AttachButton({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  return (
    <>
      <FileButton
        label={t.chat.attach.add}
        icon={<Paperclip size={17} />}
        accept={ACCEPTED}
        multiple
        onFiles={onFiles}
      />
      <span className="hidden pointer-coarse:inline-flex">
        <FileButton
          label={t.chat.attach.photo}
          icon={<Camera size={17} />}
          accept="image/*"
          capture="environment"
          onFiles={onFiles}
        />
      </span>
    </>
  )
}

interface FileButtonProps
  extends Pick<InputHTMLAttributes<HTMLInputElement>, 'accept' | 'capture' | 'multiple'> {
  label: string
  icon: ReactNode
  onFiles: (files: Iterable<File>) => void
}

function FileButton({ label, icon, onFiles, ...input }: FileButtonProps) {
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton label={label} icon={icon} onClick={() => chooser.current?.click()} className="size-9" />
      <input
        ref={chooser}
        type="file"
        className="hidden"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
        {...input}
      />
    </>
  )
}

/** The files that will go with the question. */
export function AttachmentChips({ attachments }: { attachments: Attachments }) {
  if (attachments.files.length === 0 && !attachments.refusal) return null
  return (
    <div className="px-3 pt-3">
      <ul className="flex flex-wrap gap-2">
        {attachments.files.map((file, index) => (
          <li
            key={`${file.filename}-${index}`}
            className="flex items-center gap-2 rounded-lg border border-line bg-paper py-1 pr-1 pl-2 text-xs"
          >
            {file.mediaType.startsWith('image/') && (
              <img src={file.url} alt="" className="size-8 rounded object-cover" />
            )}
            <span className="max-w-40 truncate">{file.filename}</span>
            <IconButton
              label={t.chat.attach.remove(file.filename ?? '')}
              icon={<X size={14} />}
              className="size-7"
              onClick={() => attachments.remove(index)}
            />
          </li>
        ))}
      </ul>
      {attachments.refusal && (
        <p role="alert" className="mt-2 text-danger text-sm">
          {attachments.refusal}
        </p>
      )}
    </div>
  )
}
