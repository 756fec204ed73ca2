import type { UsageRow } from '@/lib/api/types'

const DAY = 86_400_000

/** One entry for each of the last days (UTC), those without usage included, so that a chart has no holes. */
export function everyDay(
  rows: UsageRow[],
  days: number,
  now = Date.now(),
): { day: string; row: UsageRow | undefined }[] {
  const byDay = new Map(rows.map((row) => [(row.key ?? row.label).slice(0, 10), row]))
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(now - (days - 1 - index) * DAY).toISOString().slice(0, 10)
    return { day, row: byDay.get(day) }
  })
}
