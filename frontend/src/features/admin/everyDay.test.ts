import { expect, it } from 'vitest'
import { everyDay } from './everyDay'

it('fills the days on which nothing was asked', () => {
  const row = {
    key: '2026-03-02',
    label: '2026-03-02',
    runs: 4,
    failed: 0,
    input_tokens: 1,
    output_tokens: 1,
    cost: 0,
  }
  const days = everyDay([row], 3, Date.UTC(2026, 2, 3, 9))
  expect(days.map(({ day, row: found }) => [day, found?.runs])).toEqual([
    ['2026-03-01', undefined],
    ['2026-03-02', 4],
    ['2026-03-03', undefined],
  ])
})
