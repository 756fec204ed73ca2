import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { UsageTable } from './UsageTable'

function row(key: string, cost: number, unpriced: number) {
  const tokens = { input_tokens: 50, output_tokens: 0, unpriced_tokens: unpriced }
  return { key, label: key, runs: 1, failed: 0, ...tokens, cost }
}

it('tells a cost that is not known from none', () => {
  const rows = [
    row('own', 0, 50),
    row('passages', 0, 0),
    row('provider:large', 0.25, 0),
    row('some', 0.5, 20),
  ]
  render(<UsageTable head="Model" rows={rows} />)
  const costs = screen.getAllByRole('row').map((each) => each.lastElementChild?.textContent)
  expect(costs).toEqual(['Cost', 'not known', '$0.00', '$0.25', 'over $0.50', 'over $0.75'])
})
