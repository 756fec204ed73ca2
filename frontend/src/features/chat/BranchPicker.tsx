import { ChevronLeft, ChevronRight } from 'lucide-react'
import { IconButton } from '@/components/Button'
import { t } from '@/lib/i18n'

interface BranchPickerProps {
  id: string
  branches: string[]
  disabled: boolean
  onShow: (id: string) => void
}

/** "‹ 2 / 3 ›" where a question or an answer has several versions. */
export function BranchPicker({ id, branches, disabled, onShow }: BranchPickerProps) {
  if (branches.length < 2) return null
  const index = branches.indexOf(id)
  const show = (step: number) => {
    const target = branches[index + step]
    if (target) onShow(target)
  }
  return (
    <fieldset
      aria-label={t.chat.branch(index + 1, branches.length)}
      className="flex items-center text-muted text-xs"
    >
      <IconButton
        label={t.chat.previousBranch}
        icon={<ChevronLeft size={16} />}
        disabled={disabled || index === 0}
        onClick={() => show(-1)}
      />
      <span className="tabular-nums">
        {index + 1} / {branches.length}
      </span>
      <IconButton
        label={t.chat.nextBranch}
        icon={<ChevronRight size={16} />}
        disabled={disabled || index === branches.length - 1}
        onClick={() => show(1)}
      />
    </fieldset>
  )
}
