import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { RunSummary } from '@/lib/api/types'
import { RunDetails } from './RunDetails'

const RUN: RunSummary = {
  id: '01a204ca-c2e2-74a0-b9e9-9b8cffd17df8',
  state: 'finished',
  error: null,
  model: 'scripted',
  agent_name: 'Guide',
  deployment_number: 3,
  input_tokens: 40,
  output_tokens: 2,
  cost: 0,
  unpriced_tokens: 0,
  created_at: '2026-11-22T10:00:00Z',
  finished_at: '2026-11-22T10:00:01.5Z',
}

it.each([
  ['of nothing', {}, '$0.00'],
  ['as it is', { cost: 0.12345 }, '$0.1235'],
  ['of much less than a cent', { cost: 0.000025 }, '$0.000025'],
  ['that is not known', { unpriced_tokens: 42 }, 'not known'],
  ['that is known in part', { cost: 0.25, unpriced_tokens: 20 }, 'over $0.25'],
  ['of what was broken off', { state: 'cancelled' }, 'not known'],
  ['of what was broken off later', { state: 'interrupted', cost: 0.25 }, 'over $0.25'],
] as const)('tells a cost %s', (_, change, words) => {
  render(<RunDetails run={{ ...RUN, ...change }} />)
  expect(screen.getByText('Cost').nextElementSibling?.textContent).toBe(words)
})
