import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'
import { classes } from '@/lib/classes'

const CONTROL =
  'w-full rounded-lg border border-line-strong/60 bg-raised px-3 py-2 text-base text-ink placeholder:text-muted sm:text-sm aria-invalid:border-danger'

interface FieldProps {
  label: string
  hint?: ReactNode
  error?: string | null | undefined
  /** Keeps the label for screen readers only, where the place says it to everyone else. */
  hideLabel?: boolean
}

interface Ids {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

function Labelled({
  label,
  hint,
  error,
  hideLabel,
  children,
}: FieldProps & { children: (ids: Ids) => ReactNode }) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={classes('font-medium text-sm', hideLabel && 'sr-only')}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
    </div>
  )
}

type InputProps = FieldProps & InputHTMLAttributes<HTMLInputElement> & { after?: ReactNode }

export function TextField({ label, hint, error, hideLabel, after, className, ...input }: InputProps) {
  return (
    <Labelled label={label} hint={hint} error={error} {...(hideLabel && { hideLabel })}>
      {(ids) => (
        <span className="relative block">
          <input {...ids} {...input} className={classes(CONTROL, !!after && 'pr-11', className)} />
          {after && <span className="absolute inset-y-0 right-1 flex items-center">{after}</span>}
        </span>
      )}
    </Labelled>
  )
}

export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...area
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Labelled label={label} hint={hint} error={error} {...(hideLabel && { hideLabel })}>
      {(ids) => <textarea {...ids} {...area} className={classes(CONTROL, className)} />}
    </Labelled>
  )
}

export function Select({
  label,
  hint,
  error,
  hideLabel,
  className,
  children,
  ...select
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Labelled label={label} hint={hint} error={error} {...(hideLabel && { hideLabel })}>
      {(ids) => (
        <select {...ids} {...select} className={classes(CONTROL, 'pr-8', className)}>
          {children}
        </select>
      )}
    </Labelled>
  )
}
