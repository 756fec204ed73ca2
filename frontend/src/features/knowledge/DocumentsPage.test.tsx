import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import type { DocumentRow } from '@/lib/api/types'
import { fakeFetch, renderApp } from '@/test/render'
import { DocumentsPage } from './DocumentsPage'

const ready: DocumentRow = {
  id: 'd1',
  source_id: 's1',
  source_name: 'Folder',
  source_kind: 'local',
  next_try_at: null,
  language: 'english',
  visibility: 'source',
  owner_id: null,
  first_seen_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  external_id: 'rules.md',
  title: 'House rules',
  path: 'rules.md',
  mime_type: 'text/markdown',
  size_bytes: 1200,
  state: 'ready',
  reason: null,
  reason_text: null,
  tries: 0,
  last_error: null,
  version: 2,
  chunks: 3,
  modified_at: '2026-01-01T00:00:00Z',
  processed_at: '2026-01-01T00:00:00Z',
  uri: null,
}
const broken: DocumentRow = {
  ...ready,
  id: null,
  external_id: 'scan.pdf',
  title: 'scan.pdf',
  state: 'failed',
  reason: 'damaged',
  reason_text: 'The file is damaged. Save it again and replace it.',
  tries: 2,
}

function draw(items: DocumentRow[], more: Record<string, unknown> = {}) {
  const spy = fakeFetch({
    'GET /api/documents': { items, next_cursor: null },
    'GET /api/me': {
      user_id: 'u1',
      email: 'ada@example.com',
      display_name: '',
      role: 'admin',
      status: 'active',
    },
    'GET /api/sources': { items: [], next_cursor: null },
    ...more,
  })
  renderApp(<DocumentsPage />)
  return spy
}

it('says why a file failed and how often it was tried', async () => {
  draw([ready, broken])
  expect(await screen.findByText('The file is damaged. Save it again and replace it.')).toBeVisible()
  expect(screen.getByText('(tried 2 times)')).toBeVisible()
})

it('shows how to begin when there is nothing', async () => {
  draw([])
  expect(await screen.findByText('No documents yet')).toBeVisible()
})

it('shows what went wrong with a way to try again', async () => {
  fakeFetch({})
  renderApp(<DocumentsPage />)
  expect(await screen.findByRole('alert')).toHaveTextContent('There is nothing here.')
  expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible()
})

it('asks before it deletes, then shows the receipt', async () => {
  const receipt = {
    document_id: 'd1',
    title: 'House rules',
    chunks_deleted: 3,
    versions_deleted: 2,
    deleted_at: '2026-01-02T00:00:00Z',
  }
  draw([ready], { 'DELETE /api/documents/d1': receipt })
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete', hidden: true }))
  const dialog = screen.getByRole('dialog', { name: 'Delete this document?' })
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }))
  expect(await screen.findByText(/3 passages in 2 versions removed/)).toBeVisible()
})

it('tries a failed file again', async () => {
  const spy = draw([broken], { 'POST /api/documents/retry': null })
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Try again now', hidden: true }))
  const call = spy.mock.calls.find(([path]) => path === '/api/documents/retry')
  expect(JSON.parse(String(call?.[1]?.body))).toEqual({ source_id: 's1', external_id: 'scan.pdf' })
})
