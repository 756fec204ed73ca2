import { expect, it } from 'vitest'
import { everyDay } from './everyDay'

it('fills the days on which nothing happened', () => {
  const days = everyDay([{ key: '2026-03-02', runs: 4 }], 3, (row) => row.key, Date.UTC(2026, 2, 3, 9))
  expect(days.map(({ day, row }) => [day, row?.runs])).toEqual([
    ['2026-03-01', undefined],
    ['2026-03-02', 4],
    ['2026-03-03', undefined],
  ])
})
