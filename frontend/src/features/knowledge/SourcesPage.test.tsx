import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { SourceRow } from '@/lib/api/types'
import { fakeFetch, renderApp } from '@/test/render'
import { SourcesPage } from './SourcesPage'

const source: SourceRow = {
  id: 's1',
  kind: 'local',
  name: 'documents',
  visibility: 'everyone',
  sync_requested_at: null,
  next_run_at: null,
  check_interval: null,
  files: { ready: 3 },
  last_run: {
    finished_at: '2026-01-01T00:00:00Z',
    checked_at: '2026-01-01T00:00:00Z',
    running: false,
    error: null,
    files_processed: 3,
    files_failed: 0,
    files_deleted: 0,
  },
}

function draw(change: Partial<SourceRow>) {
  fakeFetch({
    'GET /api/sources': { items: [{ ...source, ...change }], next_cursor: null },
    'GET /api/me': {
      user_id: 'u1',
      email: 'ada@example.com',
      display_name: '',
      role: 'admin',
      status: 'active',
    },
  })
  renderApp(<SourcesPage />)
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

it('says when a pipeline that runs all the time looks again', async () => {
  draw({ next_run_at: inSeconds(40), check_interval: 60 })
  expect(await screen.findByText(/^Next run at .*:.*, every 60 seconds\.$/)).toBeVisible()
})

it('leaves the next run to the schedule that starts single runs', async () => {
  draw({})
  expect(await screen.findByText('The next run comes when its schedule starts it.')).toBeVisible()
})

it('says that a pipeline seems to have stopped when its run is long due', async () => {
  draw({ next_run_at: inSeconds(-181), check_interval: 60 })
  expect(await screen.findByText(/the pipeline does not seem to be running/)).toBeVisible()
})

it('does not call a run late that is on its way', async () => {
  draw({ next_run_at: inSeconds(-20), check_interval: 5 })
  expect(await screen.findByText(/^Next run at/)).toBeVisible()
})
