import { MoreHorizontal, Pencil, Trash2, Users } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { Dialog } from '@/components/Dialog'
import { EmptyState } from '@/components/EmptyState'
import { TextField } from '@/components/Field'
import { Menu } from '@/components/Menu'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { Group } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { adminTexts } from '@/lib/i18n/admin'
import { useGroups } from '@/lib/people'
import { AdminFrame } from './AdminFrame'
import { MembersDialog } from './MembersDialog'
import { useKeepGroup } from './peopleQueries'

const texts = adminTexts.groups
type Asking = { what: 'name' | 'members' | 'delete'; group: Group | null }

/** Groups, their members and their names. */
export function GroupsPage() {
  const groups = useGroups()
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = () => setAsking(null)
  return (
    <AdminFrame
      title={texts.title}
      intro={texts.intro}
      action={
        <Button look="primary" onClick={() => setAsking({ what: 'name', group: null })}>
          {texts.create}
        </Button>
      }
    >
      {groups.isPending ? (
        <Skeleton rows={4} />
      ) : groups.isError ? (
        <ErrorNotice error={groups.error} onRetry={() => void groups.refetch()} />
      ) : groups.data.length === 0 ? (
        <EmptyState title={texts.empty} detail={texts.emptyDetail} />
      ) : (
        <ul aria-label={texts.title} className="divide-y divide-line rounded-xl border border-line bg-raised">
          {groups.data.map((group) => (
            <GroupItem key={group.id} group={group} onAsk={(what) => setAsking({ what, group })} />
          ))}
        </ul>
      )}
      {asking?.what === 'name' && <NameDialog group={asking.group} onClose={close} />}
      {asking?.what === 'members' && asking.group && <MembersDialog group={asking.group} onClose={close} />}
      {asking?.what === 'delete' && asking.group && <DeleteGroup group={asking.group} onClose={close} />}
    </AdminFrame>
  )
}

function GroupItem({ group, onAsk }: { group: Group; onAsk: (what: Asking['what']) => void }) {
  return (
    <li className="flex items-center gap-3 px-4 py-2.5 text-sm [contain-intrinsic-size:auto_56px] [content-visibility:auto]">
      <Users size={17} className="text-muted" aria-hidden="true" />
      <p className="min-w-0 flex-1">
        <span className="block truncate font-medium">{group.name}</span>
        <span className="text-muted text-xs">{texts.members(group.members)}</span>
      </p>
      <Button aria-label={texts.openOf(group.name)} onClick={() => onAsk('members')}>
        {texts.open}
      </Button>
      <Menu
        label={texts.actions(group.name)}
        className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
        items={[
          { label: texts.rename, icon: <Pencil size={16} />, onSelect: () => onAsk('name') },
          {
            label: t.actions.delete,
            icon: <Trash2 size={16} />,
            danger: true,
            onSelect: () => onAsk('delete'),
          },
        ]}
      >
        <MoreHorizontal size={17} />
      </Menu>
    </li>
  )
}

function NameDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const keep = useKeepGroup()
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim()
    if (name) keep.mutate({ id: group?.id, name }, { onSuccess: onClose })
  }
  return (
    <Dialog title={group ? texts.rename : texts.create} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextField
          label={texts.name}
          name="name"
          defaultValue={group?.name}
          maxLength={200}
          required
          autoFocus
        />
        {keep.isError && <ErrorNotice error={keep.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.actions.cancel}</Button>
          <Button type="submit" look="primary" disabled={keep.isPending}>
            {t.actions.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function DeleteGroup({ group, onClose }: { group: Group; onClose: () => void }) {
  const keep = useKeepGroup()
  return (
    <ConfirmDialog
      title={texts.deleteTitle(group.name)}
      confirm={t.actions.delete}
      busy={keep.isPending}
      error={keep.error}
      onConfirm={() => keep.mutate({ id: group.id, name: null }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {texts.deleteDetail}
    </ConfirmDialog>
  )
}
