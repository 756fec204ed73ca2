import { Pencil } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Button, IconButton } from '@/components/Button'
import { TextArea } from '@/components/Field'
import { classes } from '@/lib/classes'
import { t } from '@/lib/i18n'
import { AttachedFile } from './AttachedFile'
import { BranchPicker } from './BranchPicker'
import type { MessageProps } from './Message'
import { textOf } from './message'

export function Question({ message, branches, disabled, actions }: MessageProps) {
  const [editing, setEditing] = useState(false)
  const text = textOf(message)
  const files = message.parts.filter((part) => part.type === 'file')

  if (editing) {
    return (
      <QuestionEditor
        text={text}
        onCancel={() => setEditing(false)}
        onSend={(changed) => {
          setEditing(false)
          void actions.current.edit(message.id, changed)
        }}
      />
    )
  }

  return (
    <article aria-label={t.chat.you} className="group flex flex-col items-end gap-1 [contain:layout_style]">
      {files.length > 0 && (
        <div className="flex max-w-[85%] flex-wrap justify-end gap-2">
          {files.map((file) => (
            <AttachedFile key={file.url} file={file} />
          ))}
        </div>
      )}
      <QuestionText text={text} />
      <div className="flex h-8 items-center opacity-0 focus-within:opacity-100 group-hover:opacity-100 has-[fieldset]:opacity-100 pointer-coarse:opacity-100">
        <IconButton
          label={t.chat.edit}
          icon={<Pencil size={15} />}
          disabled={disabled}
          onClick={() => setEditing(true)}
        />
        <BranchPicker
          id={message.id}
          branches={branches}
          disabled={disabled}
          onShow={(id) => void actions.current.showBranch(id)}
        />
      </div>
    </article>
  )
}

/** What is longer than this, in letters or lines, is folded. */
const LONG = 1200
const MANY_LINES = 16

function QuestionText({ text }: { text: string }) {
  const [open, setOpen] = useState(false)
  const long = text.length > LONG || text.split('\n').length > MANY_LINES
  return (
    <div className="max-w-[85%] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5">
      <p
        className={classes(
          'whitespace-pre-wrap [overflow-wrap:anywhere]',
          long && !open && 'line-clamp-[12]',
        )}
      >
        {text}
      </p>
      {long && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1 min-h-7 font-medium text-accent-strong text-sm underline underline-offset-4"
        >
          {open ? t.chat.showLess : t.chat.showAll}
        </button>
      )}
    </div>
  )
}

interface QuestionEditorProps {
  text: string
  onSend: (text: string) => void
  onCancel: () => void
}

function QuestionEditor({ text, onSend, onCancel }: QuestionEditorProps) {
  const [value, setValue] = useState(text)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel()
    if (event.key === 'Enter' && !event.shiftKey && value.trim()) {
      event.preventDefault()
      onSend(value.trim())
    }
  }

  return (
    <div className="flex flex-col gap-2 rounded-2xl border border-line bg-raised p-3">
      <TextArea
        label={t.chat.edit}
        hideLabel
        rows={3}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={onKeyDown}
        autoFocus
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{t.actions.cancel}</Button>
        <Button look="primary" disabled={!value.trim()} onClick={() => onSend(value.trim())}>
          {t.chat.editSend}
        </Button>
      </div>
    </div>
  )
}
