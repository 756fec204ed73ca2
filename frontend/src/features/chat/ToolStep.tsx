import { type DynamicToolUIPart, getToolName, isToolUIPart, type ToolUIPart } from 'ai'
import { t } from '@/lib/i18n'
import { Fold } from './Fold'
import type { ChatPart } from './message'

type ToolPart = ToolUIPart | DynamicToolUIPart

export function isTool(part: ChatPart): part is ChatPart & ToolPart {
  return isToolUIPart(part)
}

/** One thing that the agent did: its name, and unfolded what it was asked and what came of it. */
export function ToolStep({ part }: { part: ToolPart }) {
  const tool = getToolName(part)
  const name = t.chat.tool.names[tool] ?? tool.replaceAll('_', ' ')
  const failed = part.state === 'output-error'
  const done = failed || part.state === 'output-available' || part.state === 'output-denied'
  const summary = failed ? `${name}: ${t.chat.tool.failed}` : done ? name : t.chat.tool.running(name)
  return (
    <Fold summary={summary} live={!done} tone={failed ? 'danger' : 'plain'}>
      <div className="flex flex-col gap-2 text-xs">
        <Shown label={t.chat.tool.input} value={part.input} />
        <Shown label={t.chat.tool.output} value={failed ? part.errorText : part.output} />
      </div>
    </Fold>
  )
}

function Shown({ label, value }: { label: string; value: unknown }) {
  if (value === undefined || value === null) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return (
    <div>
      <p className="font-medium text-muted">{label}</p>
      <pre className="max-h-64 overflow-auto whitespace-pre-wrap font-mono">{text}</pre>
    </div>
  )
}
