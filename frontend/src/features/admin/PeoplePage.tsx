import { MoreHorizontal, ShieldCheck, ShieldOff, Trash2, UserCheck, UserX } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { DeleteAccount } from '@/components/DeleteAccount'
import { EmptyState } from '@/components/EmptyState'
import { TextField } from '@/components/Field'
import { LoadMore } from '@/components/LoadMore'
import { Menu } from '@/components/Menu'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { Person } from '@/lib/api/types'
import { formatAgo, formatMoment } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { usePeople } from '@/lib/people'
import { useMe } from '@/lib/queries'
import { AdminFrame } from './AdminFrame'
import { InvitationList, InviteButton } from './Invitations'
import { useChangePerson } from './peopleQueries'

const texts = adminTexts.people

/** Everybody who has an account, and who is invited. */
export function PeoplePage() {
  const [words, setWords] = useState('')
  const people = usePeople(useDeferredValue(words.trim()))
  return (
    <AdminFrame title={texts.title} intro={texts.intro} action={<InviteButton />}>
      <TextField
        label={texts.search}
        hideLabel
        type="search"
        placeholder={texts.search}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {people.isPending ? (
        <div className="mt-5">
          <Skeleton rows={6} />
        </div>
      ) : people.isError ? (
        <ErrorNotice error={people.error} onRetry={() => void people.refetch()} className="mt-5" />
      ) : people.data.length === 0 ? (
        <EmptyState title={texts.nothing} />
      ) : (
        <ul aria-label={texts.title} className="mt-4 border-line border-t">
          {people.data.map((person) => (
            <PersonItem key={person.user_id} person={person} />
          ))}
        </ul>
      )}
      <LoadMore
        more={people.hasNextPage}
        busy={people.isFetchingNextPage}
        onMore={() => void people.fetchNextPage()}
      />
      <InvitationList />
    </AdminFrame>
  )
}

function PersonItem({ person }: { person: Person }) {
  const isMe = useMe().data?.user_id === person.user_id
  const change = useChangePerson()
  const [asking, setAsking] = useState<'suspend' | 'delete' | null>(null)
  const name = person.display_name || person.email
  const active = person.status === 'active'
  return (
    <li className="relative grid gap-x-4 gap-y-1 border-line border-b py-3 pr-10 text-sm [contain-intrinsic-size:auto_64px] [content-visibility:auto] sm:grid-cols-[minmax(0,1fr)_minmax(0,14rem)]">
      <div className="min-w-0">
        <p className="truncate font-medium">
          {name} {isMe && <span className="font-normal text-muted">({texts.you})</span>}
        </p>
        <p className="truncate text-muted text-xs">
          {person.display_name && `${person.email} · `}
          {person.last_run_at ? (
            <time dateTime={person.last_run_at} title={formatMoment(person.last_run_at)}>
              {texts.last(formatAgo(person.last_run_at))}
            </time>
          ) : (
            texts.never
          )}
        </p>
      </div>
      <ul className="flex flex-wrap items-center gap-1.5 text-xs">
        <li className={person.role === 'admin' ? ADMIN_TAG : TAG}>{texts.roles[person.role]}</li>
        {!active && <li className={SUSPENDED_TAG}>{texts.suspended}</li>}
        {person.groups.map((group) => (
          <li key={group.id} className={TAG}>
            {group.name}
          </li>
        ))}
      </ul>
      {change.isError && <ErrorNotice error={change.error} className="col-span-full" />}
      <Menu
        label={texts.actions(name)}
        className="absolute top-3 right-0 inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
        items={[
          person.role === 'admin'
            ? {
                label: texts.makeMember,
                icon: <ShieldOff size={16} />,
                onSelect: () => change.mutate({ id: person.user_id, change: { role: 'member' } }),
              }
            : {
                label: texts.makeAdmin,
                icon: <ShieldCheck size={16} />,
                onSelect: () => change.mutate({ id: person.user_id, change: { role: 'admin' } }),
              },
          active
            ? { label: texts.suspend, icon: <UserX size={16} />, onSelect: () => setAsking('suspend') }
            : {
                label: texts.activate,
                icon: <UserCheck size={16} />,
                onSelect: () => change.mutate({ id: person.user_id, change: { status: 'active' } }),
              },
          {
            label: texts.delete,
            icon: <Trash2 size={16} />,
            danger: true,
            onSelect: () => setAsking('delete'),
          },
        ]}
      >
        <MoreHorizontal size={17} />
      </Menu>
      {asking === 'suspend' && (
        <ConfirmDialog
          title={texts.suspendTitle(name)}
          confirm={texts.suspend}
          busy={change.isPending}
          error={change.error}
          onConfirm={() =>
            change.mutate(
              { id: person.user_id, change: { status: 'suspended' } },
              { onSuccess: () => setAsking(null) },
            )
          }
          onClose={() => setAsking(null)}
        >
          {texts.suspendDetail}
        </ConfirmDialog>
      )}
      {asking === 'delete' && (
        <DeleteAccount
          title={texts.deleteTitle(name)}
          email={person.email}
          path={`/api/people/${person.user_id}/delete`}
          onClose={() => setAsking(null)}
        />
      )}
    </li>
  )
}

const TAG = 'rounded-full bg-sunken px-2.5 py-0.5 text-muted'
const ADMIN_TAG = 'rounded-full bg-accent-soft px-2.5 py-0.5 font-medium text-accent-strong'
const SUSPENDED_TAG = 'rounded-full bg-warn-soft px-2.5 py-0.5 font-medium text-warn'
