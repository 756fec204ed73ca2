import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { fakeFetch, renderApp } from '@/test/render'
import { Warnings } from './Warnings'

const source = {
  id: 's1',
  kind: 'local',
  name: 'Handbooks',
  visibility: 'everyone',
  sync_requested_at: null,
  last_run: { error: 'The folder is not there.' },
  files: { ready: 3, failed: 1, dead: 1 },
}
const job = {
  id: 'j1',
  kind: 'title',
  subject: 'c1',
  tries: 5,
  last_error: 'The key was refused.',
  created_at: '2026-01-01T00:00:00Z',
  died_at: '2026-01-01T00:00:00Z',
}

it('says in words what wants looking at, and tries work again', async () => {
  const spy = fakeFetch({
    'GET /api/sources': { items: [source] },
    'GET /api/jobs': [job],
    'POST /api/jobs/j1/retry': null,
  })
  renderApp(<Warnings />)
  expect(await screen.findByText('The last run over Handbooks did not come through')).toBeVisible()
  expect(screen.getByText('2 files could not be read')).toBeVisible()
  expect(screen.getByText('Given up after 5 tries: title')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(spy.mock.calls.some(([path]) => path === '/api/jobs/j1/retry')).toBe(true)
})

it('says that nothing does', async () => {
  fakeFetch({ 'GET /api/sources': { items: [] }, 'GET /api/jobs': [] })
  renderApp(<Warnings />)
  expect(await screen.findByText(/all sources were read/)).toBeVisible()
})
