import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { UsageTable } from './UsageTable'

function row(key: string, tokens: number, cost: number) {
  return { key, label: key, runs: 1, failed: 0, input_tokens: tokens, output_tokens: 0, cost }
}

it('tells a cost that is not known from none', () => {
  render(
    <UsageTable
      head="Model"
      rows={[row('own', 50, 0), row('passages', 0, 0), row('provider:large', 10, 0.25)]}
    />,
  )
  const costs = screen.getAllByRole('row').map((each) => each.lastElementChild?.textContent)
  expect(costs).toEqual(['Cost', 'not known', '$0.00', '$0.25', '$0.25'])
})
