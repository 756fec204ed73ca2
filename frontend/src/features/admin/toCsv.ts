import type { AuditLine } from '@/lib/api/types'

const COLUMNS = [
  'at',
  'actor_email',
  'action',
  'subject_kind',
  'subject_id',
  'subject_name',
  'before',
  'after',
] as const

/** The lines as CSV (RFC 4180). What a spreadsheet would run as a formula is made text. */
export function toCsv(lines: AuditLine[]): string {
  const rows = lines.map((line) => COLUMNS.map((column) => cell(line[column])).join(','))
  return `${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`
}

function cell(value: unknown): string {
  const text =
    value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
