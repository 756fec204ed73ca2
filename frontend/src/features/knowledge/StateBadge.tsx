import type { FileState } from '@/lib/api/types'
import { classes } from '@/lib/classes'
import { knowledgeTexts } from '@/lib/i18n/knowledge'

const LOOKS: Record<FileState, string> = {
  ready: 'bg-accent-soft text-accent-strong',
  pending: 'bg-warn-soft text-warn',
  failed: 'bg-danger-soft text-danger',
  dead: 'bg-danger-soft text-danger',
  unsupported: 'bg-danger-soft text-danger',
  ignored: 'bg-sunken text-muted',
  deleted: 'bg-sunken text-muted',
}

export function StateBadge({ state }: { state: FileState }) {
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1.5 rounded-xl px-2.5 py-0.5 font-medium text-xs',
        LOOKS[state],
      )}
    >
      <span
        aria-hidden="true"
        className={classes(
          'size-1.5 shrink-0 rounded-full bg-current',
          state === 'pending' && 'animate-pulse',
        )}
      />
      {knowledgeTexts.documents.states[state]}
    </span>
  )
}
