import { useEffect, useRef } from 'react'
import { NavLink, useLocation } from 'react-router'
import { classes } from '@/lib/classes'

interface TabsProps {
  label: string
  tabs: readonly (readonly [to: string, label: string])[]
}

/** The pages of one room side by side; where they do not fit, the row scrolls, and the present one is in view. */
export function Tabs({ label, tabs }: TabsProps) {
  const row = useRef<HTMLElement>(null)
  const { pathname } = useLocation()

  // With each page another tab is the present one.
  useEffect(() => {
    const present = row.current?.querySelector<HTMLElement>('[aria-current=page]')
    if (row.current && present) {
      row.current.scrollLeft = present.offsetLeft - (row.current.clientWidth - present.offsetWidth) / 2
    }
  }, [pathname])

  return (
    <nav
      ref={row}
      aria-label={label}
      className="relative mb-5 flex gap-1 overflow-x-auto border-line border-b text-sm"
    >
      {tabs.map(([to, name]) => (
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
          {name}
        </NavLink>
      ))}
    </nav>
  )
}
