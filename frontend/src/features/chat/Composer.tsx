import type { FileUIPart } from 'ai'
import { ArrowUp, ChevronDown, Square } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { Menu } from '@/components/Menu'
import { t } from '@/lib/i18n'
import { AttachButton, AttachmentChips } from './AttachButton'
import type { AgentChoice } from './useAgentChoice'
import { useAttachments } from './useAttachments'
import { useDraft } from './useDraft'

interface ComposerProps {
  /** The conversation whose draft is kept. */
  id: string
  busy: boolean
  /** What it promises false for was not sent, and stays in the box. */
  onSend: (text: string, files: FileUIPart[]) => unknown
  onStop: () => void
  choice: AgentChoice
  autoFocus: boolean
}

const TALLEST = 220

/** The question box. Enter sends; while an answer runs, the button and Escape stop it. */
export function Composer({ id, busy, onSend, onStop, choice, autoFocus }: ComposerProps) {
  const [text, setText] = useDraft(id)
  const attachments = useAttachments()
  const area = useRef<HTMLTextAreaElement>(null)

  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight, TALLEST)}px`
  }, [text])

  useEffect(() => {
    // On phones a focus would raise the keyboard over what one came to read.
    if (autoFocus && !matchMedia('(pointer: coarse)').matches) area.current?.focus()
  }, [autoFocus])

  const send = () => {
    const question = text.trim()
    if (!question || busy) return
    const { files } = attachments
    setText('')
    attachments.clear()
    void Promise.resolve(onSend(question, files)).then((sent) => {
      if (sent !== false) return
      setText(question)
      attachments.restore(files)
    })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && busy) onStop()
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <div className="mx-auto w-full max-w-3xl px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-5">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
        onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
        onDrop={(event) => {
          if (event.dataTransfer.files.length === 0) return
          event.preventDefault()
          attachments.add(event.dataTransfer.files)
        }}
        onPaste={(event) => {
          if (event.clipboardData.files.length > 0) attachments.add(event.clipboardData.files)
        }}
        className="rounded-2xl border border-line-strong/50 bg-raised shadow-float focus-within:border-accent"
      >
        <AttachmentChips attachments={attachments} />
        <textarea
          ref={area}
          id="question"
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          aria-label={t.chat.inputLabel}
          aria-describedby="question-hint"
          placeholder={t.chat.placeholder}
          className="block w-full resize-none bg-transparent px-4 pt-3.5 pb-1 text-base outline-none placeholder:text-muted"
        />
        <div className="flex items-center gap-2 px-2 pb-2">
          <AttachButton onFiles={attachments.add} />
          <AgentPicker choice={choice} />
          <span id="question-hint" className="ml-auto hidden text-muted text-xs sm:block">
            {t.chat.hint}
          </span>
          {busy ? (
            <button
              type="button"
              onClick={onStop}
              aria-label={t.chat.stop}
              title={t.chat.stop}
              className={ROUND}
            >
              <Square size={14} fill="currentColor" aria-hidden="true" />
            </button>
          ) : (
            <button
              type="submit"
              aria-label={t.chat.send}
              title={t.chat.send}
              disabled={!text.trim()}
              className={ROUND}
            >
              <ArrowUp size={19} aria-hidden="true" />
            </button>
          )}
        </div>
      </form>
    </div>
  )
}

const ROUND =
  'ml-auto sm:ml-0 inline-flex size-9 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:bg-line disabled:text-muted'

function AgentPicker({ choice }: { choice: AgentChoice }) {
  const { agents, agent, choose } = choice
  if (!agent) return null
  if (agents.length < 2) return <span className="px-2 text-muted text-sm">{agent.name}</span>
  return (
    <Menu
      label={`${t.chat.agentPicker}: ${agent.name}`}
      className="inline-flex min-h-9 items-center gap-1 rounded-lg px-2 text-muted text-sm hover:bg-sunken hover:text-ink"
      items={agents.map((candidate) => ({
        label: candidate.status === 'deployed' ? candidate.name : `${candidate.name} (${t.chat.agentPaused})`,
        checked: candidate.slug === agent.slug,
        disabled: candidate.status !== 'deployed',
        onSelect: () => choose(candidate.slug),
      }))}
    >
      {agent.name}
      <ChevronDown size={15} aria-hidden="true" />
    </Menu>
  )
}
