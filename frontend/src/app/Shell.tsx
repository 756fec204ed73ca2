import { Menu as MenuIcon, SquarePen } from 'lucide-react'
import { Suspense, useEffect, useState } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { IconButton } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { Mark } from '@/components/Logo'
import { useMediaQuery } from '@/components/useMediaQuery'
import { Waiting } from '@/components/Waiting'
import { t } from '@/lib/i18n'
import { ErrorBoundary } from './ErrorBoundary'
import { Sidebar } from './Sidebar'
import { ShortcutsDialog, useShortcuts } from './shortcuts'

/** The frame around every page: the menu on the left, or behind a button on phones, and the page itself. */
export function Shell() {
  const wide = useMediaQuery('(min-width: 64rem)')
  const [menuOpen, setMenuOpen] = useState(false)
  const { pathname } = useLocation()
  const shortcuts = useShortcuts()

  useEffect(() => setMenuOpen(false), [pathname])

  return (
    <div className="flex h-dvh">
      <a
        href="#content"
        className="absolute top-2 left-2 z-10 -translate-y-20 rounded-lg bg-raised px-3 py-2 text-sm shadow-float focus:translate-y-0"
      >
        {t.nav.skip}
      </a>
      {wide && (
        <aside className="flex w-68 shrink-0 flex-col border-line border-r bg-sunken">
          <Sidebar />
        </aside>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        {!wide && (
          <header className="flex h-13 shrink-0 items-center gap-1 border-line border-b px-2">
            <IconButton
              label={t.nav.openMenu}
              icon={<MenuIcon size={20} />}
              onClick={() => setMenuOpen(true)}
            />
            <Link to="/" className="mx-auto flex items-center gap-2 rounded-md px-1 font-semibold font-serif">
              <Mark className="size-6" />
              {t.product}
            </Link>
            <Link
              to="/"
              aria-label={t.nav.newChat}
              title={t.nav.newChat}
              className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-10"
            >
              <SquarePen size={19} aria-hidden="true" />
            </Link>
          </header>
        )}
        <main
          id="content"
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col overflow-y-auto outline-none"
        >
          <ErrorBoundary key={sectionOf(pathname)}>
            <Suspense fallback={<Waiting />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      {menuOpen && !wide && (
        <Dialog title={t.nav.main} shape="left" bare onClose={() => setMenuOpen(false)}>
          <div className="flex h-full flex-col bg-sunken">
            <Sidebar />
          </div>
        </Dialog>
      )}
      {shortcuts.helpOpen && <ShortcutsDialog onClose={shortcuts.closeHelp} />}
    </div>
  )
}

/** A page that broke is tried again on another one; a new chat that gets its address stays the same page. */
function sectionOf(pathname: string): string {
  const section = pathname.split('/')[1] ?? ''
  return section === 'c' ? '' : section
}
