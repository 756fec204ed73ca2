import { Check, Copy, RefreshCw } from 'lucide-react'
import { useMemo } from 'react'
import { IconButton } from '@/components/Button'
import { CitationsContext } from '@/components/markdown/CitationMarks'
import { useCopy } from '@/components/useCopy'
import { t } from '@/lib/i18n'
import { AnswerParts } from './AnswerParts'
import { BranchPicker } from './BranchPicker'
import { Feedback } from './Feedback'
import type { MessageProps } from './Message'
import { citationsOf, textOf } from './message'
import { RunDetails } from './RunDetails'
import { SourceStrip } from './SourceStrip'

/** An answer: what was thought and done, what is said, where it comes from, and what can be done with it. */
export function Answer({
  message,
  branches,
  run,
  feedback,
  streaming,
  disabled,
  actions,
  onOpenCitation,
}: MessageProps) {
  const sources = useMemo(() => citationsOf(message), [message])
  const citations = useMemo(
    () => ({ byNumber: new Map(sources.map((source) => [source.n, source])), open: onOpenCitation }),
    [sources, onOpenCitation],
  )

  return (
    <article aria-label={t.chat.agent} className="group flex flex-col gap-3 [contain:layout_style]">
      <h2 className="sr-only">{t.chat.agent}</h2>
      <CitationsContext value={citations}>
        <AnswerParts
          message={message}
          streaming={streaming}
          onDecide={(id, approved) => void actions.current.decide({ id, approved })}
        />
      </CitationsContext>
      {!streaming && <Ending state={run?.state} />}
      <SourceStrip sources={sources} text={textOf(message)} streaming={streaming} onOpen={onOpenCitation} />
      <div className="-ml-2 flex h-8 flex-wrap items-center">
        {!streaming && (
          <>
            <CopyAnswer text={textOf(message)} />
            <IconButton
              label={t.chat.regenerate}
              icon={<RefreshCw size={15} />}
              disabled={disabled}
              onClick={() => void actions.current.regenerate(message.id)}
            />
            {run && <Feedback given={feedback} onGive={(given) => actions.current.rate(message.id, given)} />}
            {run && <RunDetails run={run} />}
            <BranchPicker
              id={message.id}
              branches={branches}
              disabled={disabled}
              onShow={(id) => void actions.current.showBranch(id)}
            />
          </>
        )}
      </div>
    </article>
  )
}

function Ending({ state }: { state: string | undefined }) {
  if (state === 'cancelled') return <p className="text-muted text-sm">{t.chat.stopped}</p>
  if (state === 'interrupted') return <p className="text-muted text-sm">{t.chat.interrupted}</p>
  return null
}

function CopyAnswer({ text }: { text: string }) {
  const { copied, copy } = useCopy()
  return (
    <IconButton
      label={copied ? t.actions.copied : t.chat.copyAnswer}
      icon={copied ? <Check size={15} /> : <Copy size={15} />}
      onClick={() => void copy(text)}
    />
  )
}
