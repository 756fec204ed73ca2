import { Bot, Files, Gauge, SquarePen } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, NavLink } from 'react-router'
import { Mark } from '@/components/Logo'
import { ConversationList } from '@/features/conversations/ConversationList'
import { classes } from '@/lib/classes'
import { t } from '@/lib/i18n'
import { useMe } from '@/lib/queries'
import { AccountMenu } from './AccountMenu'

export function Sidebar() {
  const isAdmin = useMe().data?.role === 'admin'
  return (
    <>
      <div className="flex items-center px-4 pt-3 pb-2">
        <Link
          to="/"
          className="flex items-center gap-2 rounded-md font-semibold font-serif text-lg tracking-tight"
        >
          <Mark />
          {t.product}
        </Link>
      </div>
      <nav aria-label={t.nav.main} className="flex flex-col px-2 pb-3">
        <PageLink to="/" end icon={<SquarePen size={17} aria-hidden="true" />}>
          {t.nav.newChat}
        </PageLink>
        <PageLink to="/documents" icon={<Files size={17} aria-hidden="true" />}>
          {t.nav.documents}
        </PageLink>
        <PageLink to="/agents" icon={<Bot size={17} aria-hidden="true" />}>
          {t.nav.agents}
        </PageLink>
        {isAdmin && (
          <PageLink to="/admin" icon={<Gauge size={17} aria-hidden="true" />}>
            {t.nav.admin}
          </PageLink>
        )}
      </nav>
      <ConversationList />
      <AccountMenu />
    </>
  )
}

interface PageLinkProps {
  to: string
  icon: ReactNode
  children: ReactNode
  end?: boolean
}

function PageLink({ to, icon, children, end = false }: PageLinkProps) {
  return (
    <NavLink
      to={to}
      end={end}
      className={({ isActive }) =>
        classes(
          'flex min-h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm hover:bg-line/50',
          isActive && 'bg-line/80 font-medium',
        )
      }
    >
      {icon}
      {children}
    </NavLink>
  )
}
