import { type DynamicToolUIPart, getToolName, isToolUIPart, type ToolUIPart } from 'ai'
import { t } from '@/lib/i18n'
import { ApprovalCard } from './ApprovalCard'
import { Fold } from './Fold'
import type { ChatPart } from './message'
import { Shown } from './Shown'

type ToolPart = ToolUIPart | DynamicToolUIPart

export function isTool(part: ChatPart): part is ChatPart & ToolPart {
  return isToolUIPart(part)
}

interface ToolStepProps {
  part: ToolPart
  onDecide: (id: string, approved: boolean) => void
}

/** One thing that the agent did, or asks to be allowed: its name, and unfolded what it was asked and what came of it. */
export function ToolStep({ part, onDecide }: ToolStepProps) {
  const tool = getToolName(part)
  const name = t.chat.tool.names[tool] ?? tool.replaceAll('_', ' ')
  if (part.state === 'approval-requested') {
    return <ApprovalCard name={name} input={part.input} onDecide={(yes) => onDecide(part.approval.id, yes)} />
  }
  const failed = part.state === 'output-error'
  const done = failed || part.state === 'output-available' || part.state === 'output-denied'
  const summary = failed ? `${name}: ${t.chat.tool.failed}` : done ? name : t.chat.tool.running(name)
  return (
    <Fold summary={summary} live={!done} tone={failed ? 'danger' : 'plain'}>
      <div className="flex flex-col gap-2 text-xs">
        <Shown label={t.chat.tool.input} value={part.input} />
        {part.approval?.approved !== undefined && (
          <p className="text-muted">
            {part.approval.approved ? t.chat.approval.allowed : t.chat.approval.denied}
          </p>
        )}
        <Shown label={t.chat.tool.output} value={failed ? part.errorText : part.output} />
      </div>
    </Fold>
  )
}
