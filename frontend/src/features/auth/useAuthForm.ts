import { type FormEvent, useState } from 'react'
import { explainAuthError } from '@/lib/authError'

export type FieldErrors = Partial<Record<'email' | 'password', string | null>>

interface AuthForm {
  /** Looks at what was entered before anything is sent. */
  check: (values: Record<string, string>) => FieldErrors
  /** Sends it; what it throws is shown in words. */
  submit: (values: Record<string, string>) => Promise<void>
}

/** State of a form that talks to the log-in server: what is wrong where, and whether it is under way. */
export function useAuthForm({ check, submit }: AuthForm) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [errors, setErrors] = useState<FieldErrors>({})

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const values = Object.fromEntries(
      [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]),
    )
    if ('password' in values) values.password = String(new FormData(form).get('password'))
    const found = check(values)
    setErrors(found)
    setFailure(null)
    const firstWrong = Object.keys(found).find((name) => found[name as keyof FieldErrors])
    if (firstWrong) {
      form.querySelector<HTMLInputElement>(`[name=${firstWrong}]`)?.focus()
      return
    }
    setBusy(true)
    try {
      await submit(values)
    } catch (error) {
      setFailure(explainAuthError(error))
    } finally {
      setBusy(false)
    }
  }

  return { busy, failure, errors, onSubmit }
}
