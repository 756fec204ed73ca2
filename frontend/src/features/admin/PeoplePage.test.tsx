import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import type { Person } from '@/lib/api/types'
import { fakeFetch, renderApp } from '@/test/render'
import { PeoplePage } from './PeoplePage'

const ada: Person = {
  user_id: 'u1',
  email: 'ada@example.com',
  display_name: 'Ada',
  role: 'admin',
  status: 'active',
  created_at: '2026-01-01T00:00:00Z',
  groups: [{ id: 'g1', name: 'Keepers' }],
  last_run_at: null,
}
const bob: Person = {
  ...ada,
  user_id: 'u2',
  email: 'bob@example.com',
  display_name: '',
  role: 'member',
  groups: [],
}

function draw(more: Record<string, unknown> = {}) {
  const spy = fakeFetch({
    'GET /api/me': ada,
    'GET /api/people': { items: [ada, bob], next_cursor: null },
    'GET /api/invitations': { items: [], next_cursor: null },
    'GET /api/groups': { items: [], next_cursor: null },
    ...more,
  })
  renderApp(<PeoplePage />)
  return spy
}

it('lists people with their roles and groups, and marks oneself', async () => {
  draw()
  const rows = within(await screen.findByRole('list', { name: 'People' })).getAllByRole('listitem')
  expect(rows[0]).toHaveTextContent('Ada (you)')
  expect(rows[0]).toHaveTextContent('Administrator')
  expect(rows[0]).toHaveTextContent('Keepers')
})

it('asks before it deactivates somebody', async () => {
  const spy = draw({ 'PATCH /api/people/u2': { ...bob, status: 'suspended' } })
  await screen.findByText('bob@example.com')
  const items = screen.getAllByRole('menuitem', { name: 'Deactivate', hidden: true })
  await userEvent.click(items[1] as HTMLElement)
  const dialog = screen.getByRole('dialog', { name: 'Deactivate bob@example.com?' })
  await userEvent.click(within(dialog).getByRole('button', { name: 'Deactivate' }))
  const call = spy.mock.calls.find(([path]) => path === '/api/people/u2')
  expect(JSON.parse(String(call?.[1]?.body))).toEqual({ status: 'suspended' })
})

it('says why a change was refused', async () => {
  draw()
  await screen.findByText('bob@example.com')
  await userEvent.click(
    screen.getAllByRole('menuitem', { name: 'Make a member', hidden: true })[0] as HTMLElement,
  )
  expect(await screen.findByRole('alert')).toHaveTextContent('There is nothing here.')
})
