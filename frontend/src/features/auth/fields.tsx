import { Eye, EyeOff } from 'lucide-react'
import { type InputHTMLAttributes, useState } from 'react'
import { IconButton } from '@/components/Button'
import { TextField } from '@/components/Field'
import { t } from '@/lib/i18n'

type Input = InputHTMLAttributes<HTMLInputElement> & { error?: string | null | undefined; hint?: string }

export function EmailField(props: Input) {
  return (
    <TextField
      label={t.auth.email}
      name="email"
      type="email"
      autoComplete="username"
      inputMode="email"
      {...props}
    />
  )
}

export function PasswordField({ label = t.auth.password, ...props }: Input & { label?: string }) {
  const [shown, setShown] = useState(false)
  return (
    <TextField
      label={label}
      name="password"
      type={shown ? 'text' : 'password'}
      after={
        <IconButton
          label={shown ? t.auth.hidePassword : t.auth.showPassword}
          icon={shown ? <EyeOff size={17} /> : <Eye size={17} />}
          onClick={() => setShown(!shown)}
        />
      }
      {...props}
    />
  )
}

const SHORTEST_PASSWORD = 8

/** What is wrong with an address, or null. The server decides; this spares a round trip. */
export function checkEmail(email: string): string | null {
  return /^\S+@\S+$/.test(email) ? null : t.auth.errors.emailMissing
}

export function checkNewPassword(password: string): string | null {
  return password.length >= SHORTEST_PASSWORD ? null : t.auth.errors.passwordShort
}
