import {
  Archive,
  ArchiveRestore,
  Download,
  MoreHorizontal,
  Pencil,
  Pin,
  PinOff,
  Share2,
  Trash2,
} from 'lucide-react'
import { Suspense, useState } from 'react'
import { NavLink, useMatch, useNavigate } from 'react-router'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { Menu } from '@/components/Menu'
import { ErrorNotice } from '@/components/Notice'
import type { FoundConversation } from '@/lib/api/types'
import { classes } from '@/lib/classes'
import { t } from '@/lib/i18n'
import { part } from '@/lib/part'
import { useChangeConversation, useDeleteConversation, useExportConversation } from './queries'
import { RenameDialog } from './RenameDialog'

const ShareDialog = part(() => import('./ShareDialog').then((module) => module.ShareDialog))

/** One conversation in the list: a link, and a menu with what can be done to it. */
export function ConversationItem({ conversation }: { conversation: FoundConversation }) {
  const { id, pinned, archived } = conversation
  const title = conversation.title || t.chat.untitled
  const [asking, setAsking] = useState<'rename' | 'delete' | 'share' | null>(null)
  const change = useChangeConversation()
  const remove = useDeleteConversation()
  const exporting = useExportConversation()
  const navigate = useNavigate()
  const isOpen = useMatch(`/c/${id}`) !== null

  const onDelete = () =>
    remove.mutate(id, {
      onSuccess: () => {
        if (isOpen) navigate('/')
      },
    })

  return (
    <li className="group relative [contain-intrinsic-size:auto_36px] [content-visibility:auto]">
      <NavLink
        to={`/c/${id}`}
        className={({ isActive }) =>
          classes(
            'flex min-h-9 items-center rounded-lg py-1.5 pr-9 pl-2.5 text-sm hover:bg-line/50',
            isActive && 'bg-line/80 font-medium',
          )
        }
      >
        <span className="min-w-0">
          <span className="block truncate">{title}</span>
          {conversation.excerpt && (
            <span className="line-clamp-2 font-normal text-muted text-xs">{conversation.excerpt}</span>
          )}
        </span>
      </NavLink>
      <Menu
        label={t.chat.list.actions(title)}
        className={classes(
          'absolute top-1 right-1 inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-line hover:text-ink',
          'opacity-0 focus-visible:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100',
        )}
        items={[
          {
            label: pinned ? t.chat.list.unpin : t.chat.list.pin,
            icon: pinned ? <PinOff size={16} /> : <Pin size={16} />,
            onSelect: () => change.mutate({ id, change: { pinned: !pinned } }),
          },
          { label: t.chat.list.rename, icon: <Pencil size={16} />, onSelect: () => setAsking('rename') },
          {
            label: archived ? t.chat.list.unarchive : t.chat.list.archive,
            icon: archived ? <ArchiveRestore size={16} /> : <Archive size={16} />,
            onSelect: () => change.mutate({ id, change: { archived: !archived } }),
          },
          { label: t.chat.list.share, icon: <Share2 size={16} />, onSelect: () => setAsking('share') },
          {
            label: t.chat.list.exportMarkdown,
            icon: <Download size={16} />,
            onSelect: () => exporting.mutate({ id, format: 'md' }),
          },
          {
            label: t.chat.list.exportJson,
            icon: <Download size={16} />,
            onSelect: () => exporting.mutate({ id, format: 'json' }),
          },
          {
            label: t.chat.list.delete,
            icon: <Trash2 size={16} />,
            danger: true,
            onSelect: () => setAsking('delete'),
          },
        ]}
      >
        <MoreHorizontal size={16} />
      </Menu>
      {(change.isError || exporting.isError) && (
        <ErrorNotice error={change.error ?? exporting.error} className="m-1" />
      )}
      {asking === 'share' && (
        <Suspense>
          <ShareDialog id={id} onClose={() => setAsking(null)} />
        </Suspense>
      )}
      {asking === 'rename' && <RenameDialog id={id} title={title} onClose={() => setAsking(null)} />}
      {asking === 'delete' && (
        <ConfirmDialog
          title={t.chat.list.deleteTitle}
          confirm={t.chat.list.delete}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={onDelete}
          onClose={() => setAsking(null)}
        >
          {t.chat.list.deleteDetail(title)}
        </ConfirmDialog>
      )}
    </li>
  )
}
