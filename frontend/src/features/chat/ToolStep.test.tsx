import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { DynamicToolUIPart, ToolUIPart } from 'ai'
import { expect, it, vi } from 'vitest'
import { ToolStep } from './ToolStep'

const onDecide = vi.fn()

function draw(part: Partial<ToolUIPart>) {
  const whole = { type: 'tool-web_search', toolCallId: 't1', input: { query: 'hens' }, ...part }
  render(<ToolStep part={whole as ToolUIPart | DynamicToolUIPart} onDecide={onDecide} />)
}

it('folds what was asked and what came of it', async () => {
  draw({ state: 'output-available', output: 'Three results' })
  await userEvent.click(screen.getByText('Search the web'))
  expect(screen.getByText('Three results')).toBeVisible()
  expect(screen.getByText(/"query": "hens"/)).toBeVisible()
})

it('says that a tool failed, and why', () => {
  draw({ state: 'output-error', errorText: 'No results.' })
  expect(screen.getByText('Search the web: did not work')).toBeVisible()
  expect(screen.getByText('No results.')).toBeInTheDocument()
})

it('asks before a tool that needs it, once', async () => {
  draw({ state: 'approval-requested', approval: { id: 'a1' } })
  expect(screen.getByRole('region', { name: 'May the agent do this?' })).toHaveTextContent('"query": "hens"')
  await userEvent.click(screen.getByRole('button', { name: 'Refuse' }))
  expect(onDecide).toHaveBeenCalledExactlyOnceWith('a1', false)
  expect(screen.getByRole('button', { name: 'Allow' })).toBeDisabled()
})
