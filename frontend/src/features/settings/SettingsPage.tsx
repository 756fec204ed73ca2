import { type FormEvent, useState } from 'react'
import { Button } from '@/components/Button'
import { Select, TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Section } from '@/components/Section'
import { Skeleton } from '@/components/Skeleton'
import { t } from '@/lib/i18n'
import { useMe } from '@/lib/queries'
import { useServices } from '@/lib/services'
import { chooseTheme, type ThemeChoice, themeChoice } from '@/lib/theme'
import { ApiKeys } from './ApiKeys'
import { Memories } from './Memories'

const texts = t.settings

/** What belongs to one person: profile, appearance, security, keys, memories. */
export function SettingsPage() {
  return (
    <PageFrame title={texts.title}>
      <div className="flex max-w-2xl flex-col gap-10">
        <Profile />
        <Appearance />
        <ApiKeys />
        <Memories />
        <Security />
      </div>
    </PageFrame>
  )
}

function Profile() {
  const me = useMe()
  return (
    <Section title={texts.profile}>
      {me.isPending ? (
        <Skeleton rows={3} />
      ) : me.isError ? (
        <ErrorNotice error={me.error} onRetry={() => void me.refetch()} />
      ) : (
        <dl className="grid grid-cols-[8rem_1fr] gap-y-2 text-sm">
          <dt className="text-muted">{texts.name}</dt>
          <dd>{me.data.display_name || '–'}</dd>
          <dt className="text-muted">{texts.email}</dt>
          <dd>{me.data.email}</dd>
          <dt className="text-muted">{texts.role}</dt>
          <dd>{texts.roles[me.data.role]}</dd>
        </dl>
      )}
    </Section>
  )
}

function Appearance() {
  const [theme, setTheme] = useState(themeChoice)
  return (
    <Section title={texts.appearance}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t.theme.label}
          value={theme}
          onChange={(event) => {
            const choice = event.target.value as ThemeChoice
            chooseTheme(choice)
            setTheme(choice)
          }}
        >
          {(['system', 'light', 'dark'] as const).map((choice) => (
            <option key={choice} value={choice}>
              {t.theme[choice]}
            </option>
          ))}
        </Select>
        <Select label={texts.language} defaultValue="en">
          <option value="en">{texts.languageValue}</option>
        </Select>
      </div>
    </Section>
  )
}

const SHORTEST_PASSWORD = 8

function Security() {
  const { auth } = useServices()
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle')
  const [error, setError] = useState<string | null>(null)

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const password = String(new FormData(form).get('password'))
    if (password.length < SHORTEST_PASSWORD) {
      setError(t.auth.errors.passwordShort)
      return
    }
    setState('busy')
    const { error: failure } = await auth.updateUser({ password })
    setError(failure?.message ?? null)
    setState(failure ? 'idle' : 'done')
    if (!failure) form.reset()
  }

  return (
    <Section title={texts.security}>
      <form onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-3">
        <TextField
          label={t.auth.newPassword}
          name="password"
          type="password"
          autoComplete="new-password"
          hint={t.auth.passwordHint}
          error={error}
        />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={state === 'busy'}>
            {texts.changePassword}
          </Button>
          <span role="status" className="text-sm">
            {state === 'done' && texts.passwordChanged}
          </span>
        </div>
      </form>
      <div className="mt-6 border-line border-t pt-5">
        <p className="mb-3 text-muted text-sm">{texts.logOutEverywhereDetail}</p>
        <Button onClick={() => void auth.signOut({ scope: 'global' })}>{texts.logOutEverywhere}</Button>
      </div>
    </Section>
  )
}
