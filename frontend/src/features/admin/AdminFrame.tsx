import type { ReactNode } from 'react'
import { EmptyState } from '@/components/EmptyState'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import { Tabs } from '@/components/Tabs'
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
      <Tabs label={texts.tabs} tabs={TABS} />
      {me.isPending ? <Skeleton rows={6} /> : children}
    </PageFrame>
  )
}
