import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { EmptyState } from '@/components/EmptyState'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import { classes } from '@/lib/classes'
import { adminTexts } from '@/lib/i18n/admin'
import { useMe } from '@/lib/queries'

const texts = adminTexts
const TABS = [
  ['/admin', texts.usage.title],
  ['/admin/people', texts.people.title],
  ['/admin/groups', texts.groups.title],
  ['/admin/feedback', texts.feedback.title],
  ['/admin/links', texts.links.title],
  ['/admin/budgets', texts.budgets.title],
  ['/admin/audit', texts.audit.title],
  ['/admin/system', texts.system.title],
] as const

interface AdminFrameProps {
  title: string
  intro: string
  action?: ReactNode
  children: ReactNode
}

/** A page of the administration. The API refuses members; this says so before they ask. */
export function AdminFrame({ title, intro, action, children }: AdminFrameProps) {
  const me = useMe()
  if (me.data && me.data.role !== 'admin') {
    return <EmptyState page title={texts.notAllowed} detail={texts.notAllowedDetail} />
  }
  return (
    <PageFrame title={title} intro={intro} action={action}>
      <nav aria-label={texts.tabs} className="mb-5 flex gap-1 overflow-x-auto border-line border-b text-sm">
        {TABS.map(([to, label]) => (
          <NavLink
            key={to}
            to={to}
            end
            className={({ isActive }) =>
              classes(
                '-mb-px inline-flex min-h-10 items-center whitespace-nowrap border-b-2 px-3',
                isActive ? 'border-accent font-medium' : 'border-transparent text-muted hover:text-ink',
              )
            }
          >
            {label}
          </NavLink>
        ))}
      </nav>
      {me.isPending ? <Skeleton rows={6} /> : children}
    </PageFrame>
  )
}
