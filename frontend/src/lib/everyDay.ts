const DAY = 86_400_000

/** Each of the last days in order (UTC, `YYYY-MM-DD`), with its row where something happened on it. */
export function everyDay<Row>(
  rows: Row[],
  days: number,
  dayOf: (row: Row) => string | null,
  now = Date.now(),
): { day: string; row: Row | undefined }[] {
  const byDay = new Map(rows.map((row) => [dayOf(row), row]))
  return Array.from({ length: days }, (_, back) => {
    const day = new Date(now - (days - 1 - back) * DAY).toISOString().slice(0, 10)
    return { day, row: byDay.get(day) }
  })
}
