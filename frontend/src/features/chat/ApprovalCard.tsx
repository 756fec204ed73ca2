import { useState } from 'react'
import { Button } from '@/components/Button'
import { t } from '@/lib/i18n'
import { Shown } from './Shown'

interface ApprovalCardProps {
  /** What the agent wants to do, in words. */
  name: string
  input: unknown
  onDecide: (approved: boolean) => void
}

/** Something that the agent may do only if the person says so. */
export function ApprovalCard({ name, input, onDecide }: ApprovalCardProps) {
  const [decided, setDecided] = useState(false)
  const decide = (approved: boolean) => {
    setDecided(true)
    onDecide(approved)
  }
  return (
    <section
      aria-label={t.chat.approval.title}
      className="rounded-xl border border-warn/50 bg-warn-soft px-4 py-3 text-sm"
    >
      <p className="font-medium">{t.chat.approval.title}</p>
      <p className="mt-1 mb-2">{name}</p>
      <div className="text-xs">
        <Shown label={t.chat.tool.input} value={input} />
      </div>
      <div className="mt-3 flex gap-2">
        <Button look="primary" disabled={decided} onClick={() => decide(true)}>
          {t.chat.approval.approve}
        </Button>
        <Button disabled={decided} onClick={() => decide(false)}>
          {t.chat.approval.deny}
        </Button>
      </div>
    </section>
  )
}
