import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { Menu } from '@/components/Menu'
import { t } from '@/lib/i18n'
import { useMe } from '@/lib/queries'
import { useServices } from '@/lib/services'
import { forgetSessionEnd } from '@/lib/sessionEnd'
import { chooseTheme, type ThemeChoice, themeChoice } from '@/lib/theme'
import { forgetTyped } from '@/lib/typed'
import { openShortcuts } from './shortcuts'

const THEMES: [ThemeChoice, typeof Sun][] = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
]

export function AccountMenu() {
  const { auth } = useServices()
  const me = useMe()
  const navigate = useNavigate()
  const [theme, setTheme] = useState(themeChoice)
  const name = me.data?.display_name || me.data?.email || t.nav.account

  const logOut = async () => {
    forgetSessionEnd()
    forgetTyped()
    // Where the server cannot be reached, this browser forgets the session all the same.
    const { error } = await auth.signOut({ scope: 'local' })
    if (error) await auth.signOut({ scope: 'local' })
  }

  return (
    <div className="mt-1 border-line border-t p-2">
      <Menu
        label={t.nav.account}
        namedByContent
        className="flex min-h-11 w-full items-center gap-2.5 rounded-lg px-2 text-left text-sm hover:bg-line/50"
        items={[
          ...THEMES.map(([choice, Icon]) => ({
            label: `${t.theme.label}: ${t.theme[choice]}`,
            icon: <Icon size={16} />,
            checked: theme === choice,
            onSelect: () => {
              chooseTheme(choice)
              setTheme(choice)
            },
          })),
          { label: t.nav.settings, icon: <Settings size={16} />, onSelect: () => navigate('/settings') },
          { label: t.nav.shortcuts, icon: <Keyboard size={16} />, onSelect: openShortcuts },
          { label: t.nav.logOut, icon: <LogOut size={16} />, onSelect: () => void logOut() },
        ]}
      >
        <span
          aria-hidden="true"
          className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent font-semibold text-on-accent text-xs uppercase"
        >
          {name.charAt(0)}
        </span>
        <span className="min-w-0 flex-1 truncate">
          <span className="sr-only">{t.nav.account}: </span>
          {name}
        </span>
        <ChevronsUpDown size={15} className="text-muted" aria-hidden="true" />
      </Menu>
    </div>
  )
}
