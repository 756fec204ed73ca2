import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { fakeFetch, renderApp } from '@/test/render'
import { AgentsPage } from './AgentsPage'

const GUIDE = { id: '1', slug: 'guide', name: 'Guide', description: '', starters: [], status: 'deployed' }

it('finds an agent by its name, and shows more where there are more', async () => {
  const spy = fakeFetch({ 'GET /api/agents': { items: [GUIDE], next_cursor: 'further' } })
  renderApp(<AgentsPage />)
  expect(await screen.findByRole('heading', { name: 'Guide' })).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))
  expect(spy.mock.calls.some(([path]) => String(path).includes('cursor=further'))).toBe(true)
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search by name' }), 'gui')
  await expect
    .poll(() => spy.mock.calls.some(([path]) => String(path).includes('q=gui')), { timeout: 5000 })
    .toBe(true)
})

it('says where no agent has the name', async () => {
  fakeFetch({ 'GET /api/agents': { items: [], next_cursor: null } })
  renderApp(<AgentsPage />)
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search by name' }), 'nobody')
  expect(await screen.findByText('No agent has this name')).toBeVisible()
})
