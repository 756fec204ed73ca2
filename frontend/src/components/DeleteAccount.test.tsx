import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { fakeFetch, renderApp } from '@/test/render'
import { DeleteAccount } from './DeleteAccount'

const receipt = {
  user_id: 'u1',
  email: 'ada@example.com',
  conversations: 12,
  messages: 40,
  attachments: 0,
  memories: 3,
  api_keys: 1,
  links: 0,
  agents: 2,
  documents: 5,
  deleted_at: '2026-01-02T00:00:00Z',
}

it('deletes only once the address has been typed, and shows the receipt', async () => {
  const spy = fakeFetch({ 'POST /api/me/delete': receipt })
  const onClose = vi.fn()
  renderApp(
    <DeleteAccount title="Delete it?" email="ada@example.com" path="/api/me/delete" onClose={onClose} />,
  )
  const button = screen.getByRole('button', { name: 'Delete the account' })
  expect(button).toBeDisabled()
  await userEvent.type(screen.getByLabelText(/Type ada@example.com/), 'ADA@example.com')
  await userEvent.click(button)
  expect(await screen.findByText('This went with it:')).toBeVisible()
  expect(screen.getByText('12')).toBeVisible()
  expect(JSON.parse(String(spy.mock.calls[0]?.[1]?.body))).toEqual({ email: 'ADA@example.com' })
  await userEvent.click(screen.getAllByRole('button', { name: 'Close' }).at(-1) as HTMLElement)
  expect(onClose).toHaveBeenCalledExactlyOnceWith(true)
})
