import { AuthError } from '@supabase/supabase-js'
import { t } from '@/lib/i18n'

const byCode = (): Record<string, string> => ({
  invalid_credentials: t.auth.errors.credentials,
  user_already_exists: t.auth.errors.exists,
  email_exists: t.auth.errors.exists,
  email_not_confirmed: t.auth.errors.unconfirmed,
  weak_password: t.auth.errors.weak,
  same_password: t.auth.errors.same,
  over_request_rate_limit: t.auth.errors.tooMany,
  over_email_send_rate_limit: t.auth.errors.tooMany,
  signup_disabled: t.auth.errors.closed,
})

/** Older and smaller servers send words instead of codes. */
const byWords = (): [RegExp, string][] => [
  [/invalid login credentials/i, t.auth.errors.credentials],
  [/already (been )?registered|already exists/i, t.auth.errors.exists],
  [/not confirmed/i, t.auth.errors.unconfirmed],
  [/signups? (are )?(not allowed|disabled)/i, t.auth.errors.closed],
  [/fetch|network/i, t.auth.errors.offline],
]

/** What a failed log-in, sign-up or recovery means, and what to do. */
export function explainAuthError(error: unknown): string {
  if (error instanceof AuthError) {
    const known = byCode()[error.code ?? ''] ?? (error.status === 429 ? t.auth.errors.tooMany : undefined)
    if (known) return known
  }
  const message = error instanceof Error ? error.message : String(error)
  return byWords().find(([pattern]) => pattern.test(message))?.[1] ?? t.auth.errors.other(message)
}
