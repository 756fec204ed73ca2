import { Ban, MoreHorizontal, RotateCw, Trash2, Users } from 'lucide-react'
import { Menu, type MenuItem } from '@/components/Menu'
import type { DocumentRow } from '@/lib/api/types'
import { formatAgo, formatBytes, formatMoment } from '@/lib/format'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useMe } from '@/lib/queries'
import { isUnread } from './isUnread'
import { StateBadge } from './StateBadge'

const texts = knowledgeTexts.documents

interface DocumentItemProps {
  row: DocumentRow
  onOpen: () => void
  onDelete: () => void
  onShare: () => void
  onDecide: (decision: 'retry' | 'ignore') => void
}

/** One file: its name, where it comes from, its state, and why where it failed. */
export function DocumentItem({ row, onOpen, onDelete, onShare, onDecide }: DocumentItemProps) {
  const me = useMe().data
  const mayChange = me !== undefined && (me.role === 'admin' || me.user_id === row.owner_id)
  const broken = isUnread(row)
  const items: MenuItem[] = [
    ...(row.state === 'ready' || row.state === 'pending' || !mayChange
      ? []
      : [{ label: texts.retry, icon: <RotateCw size={16} />, onSelect: () => onDecide('retry') }]),
    ...(broken && mayChange
      ? [{ label: texts.ignore, icon: <Ban size={16} />, onSelect: () => onDecide('ignore') }]
      : []),
    ...(mayChange
      ? [{ label: knowledgeTexts.sharing.document, icon: <Users size={16} />, onSelect: onShare }]
      : []),
    ...(row.id && mayChange
      ? [{ label: texts.delete, icon: <Trash2 size={16} />, danger: true, onSelect: onDelete }]
      : []),
  ]
  const when = row.processed_at ?? row.modified_at
  return (
    <li className="relative grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-line border-b py-3 pr-10 [contain-intrinsic-size:auto_68px] [content-visibility:auto] sm:grid-cols-[minmax(0,1fr)_9.5rem_8rem_6rem]">
      <div className="min-w-0">
        {row.id && row.state !== 'deleted' ? (
          <button
            type="button"
            onClick={onOpen}
            className="line-clamp-2 block max-w-full rounded text-left font-medium [overflow-wrap:anywhere] hover:underline sm:line-clamp-1"
          >
            {row.title}
          </button>
        ) : (
          <p className="line-clamp-2 font-medium [overflow-wrap:anywhere] sm:line-clamp-1">{row.title}</p>
        )}
        {row.path && row.path !== row.title && <p className="truncate text-muted text-xs">{row.path}</p>}
      </div>
      <div className="justify-self-end sm:justify-self-start">
        <StateBadge state={row.state} />
      </div>
      <p className="truncate text-muted text-sm">{row.source_name}</p>
      <p className="justify-self-end text-right text-muted text-xs">
        {when && (
          <time dateTime={when} title={formatMoment(when)} className="block">
            {formatAgo(when)}
          </time>
        )}
        {row.size_bytes !== null && <span className="block">{formatBytes(row.size_bytes)}</span>}
      </p>
      {(broken || row.state === 'ignored') && (row.reason_text || row.last_error) && (
        <p className="col-span-full max-w-prose text-sm">
          <span className="text-danger">{row.reason_text ?? row.last_error}</span>{' '}
          {row.tries > 0 && <span className="text-muted">({triesOf(row)})</span>}
        </p>
      )}
      {items.length > 0 && (
        <Menu
          label={`${texts.actions}: ${row.title}`}
          items={items}
          className="absolute top-2.5 right-0 inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
        >
          <MoreHorizontal size={17} />
        </Menu>
      )}
    </li>
  )
}

/** How often a file was tried, and when that is done again. */
function triesOf({ tries, state, next_try_at }: DocumentRow): string {
  const waits = state === 'failed' && next_try_at !== null && Date.parse(next_try_at) > Date.now()
  return waits ? texts.triesAndNext(tries, formatAgo(next_try_at)) : texts.tries(tries)
}
