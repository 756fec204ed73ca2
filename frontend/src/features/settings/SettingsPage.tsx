import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/Button'
import { Select, TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Section } from '@/components/Section'
import { SharedLinks } from '@/components/SharedLinks'
import { Skeleton } from '@/components/Skeleton'
import type { Me } from '@/lib/api/types'
import { explainAuthError } from '@/lib/authError'
import { t } from '@/lib/i18n'
import {
  browserLanguage,
  chooseLanguage,
  chosenLanguage,
  LANGUAGES,
  type Language,
} from '@/lib/i18n/language'
import { settingsTexts } from '@/lib/i18n/settings'
import { useMe } from '@/lib/queries'
import { useApi, useServices } from '@/lib/services'
import { chooseTheme, type ThemeChoice, themeChoice } from '@/lib/theme'
import { ApiKeys } from './ApiKeys'
import { Memories } from './Memories'
import { Sessions } from './Sessions'
import { YourData } from './YourData'

const texts = settingsTexts

/** What belongs to one person: profile, appearance, security, keys, memories. */
export function SettingsPage() {
  return (
    <PageFrame title={texts.title}>
      <div className="flex max-w-2xl flex-col gap-10">
        <Profile />
        <Appearance />
        <ApiKeys />
        <Memories />
        <Section title={texts.links.title} intro={texts.links.intro}>
          <SharedLinks />
        </Section>
        <Security />
        <Sessions />
        <YourData />
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
        <>
          <Rename name={me.data.display_name} />
          <dl className="mt-5 grid grid-cols-[8rem_1fr] gap-y-2 text-sm [overflow-wrap:anywhere]">
            <dt className="text-muted">{texts.email}</dt>
            <dd>{me.data.email}</dd>
            <dt className="text-muted">{texts.role}</dt>
            <dd>{texts.roles[me.data.role]}</dd>
          </dl>
        </>
      )}
    </Section>
  )
}

function Rename({ name }: { name: string }) {
  const api = useApi()
  const queries = useQueryClient()
  const rename = useMutation({
    mutationFn: (display_name: string) => api.patch<Me>('/api/me', { display_name }),
    onSuccess: (me) => queries.setQueryData(['me'], me),
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    rename.mutate(String(new FormData(event.currentTarget).get('name')).trim())
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-wrap items-end gap-3">
      <div className="min-w-48 flex-1">
        <TextField label={texts.name} name="name" defaultValue={name} maxLength={200} autoComplete="name" />
      </div>
      <Button type="submit" disabled={rename.isPending}>
        {texts.rename}
      </Button>
      <span role="status" className="self-center text-sm">
        {rename.isSuccess && texts.renamed}
      </span>
      {rename.isError && <ErrorNotice error={rename.error} className="w-full" />}
    </form>
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
        <Select
          label={texts.language}
          hint={texts.languageHint}
          defaultValue={chosenLanguage() ?? ''}
          onChange={(event) => {
            chooseLanguage((event.target.value || null) as Language | null)
            window.location.reload()
          }}
        >
          <option value="">{texts.languageOfBrowser(LANGUAGES[browserLanguage()])}</option>
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
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
    setError(failure ? explainAuthError(failure) : null)
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
    </Section>
  )
}
