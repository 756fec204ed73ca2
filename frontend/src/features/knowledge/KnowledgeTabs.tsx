import { NavLink } from 'react-router'
import { classes } from '@/lib/classes'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'

const TABS = [
  ['/documents', t.nav.documents],
  ['/documents/search', t.nav.search],
  ['/documents/tables', knowledgeTexts.tables.title],
  ['/documents/sources', knowledgeTexts.sources.title],
] as const

/** The three views of what the agents know. */
export function KnowledgeTabs() {
  return (
    <nav
      aria-label={knowledgeTexts.tabs}
      className="mb-5 flex gap-1 overflow-x-auto border-line border-b text-sm"
    >
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
  )
}
