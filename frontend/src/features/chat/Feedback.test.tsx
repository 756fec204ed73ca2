import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { renderApp } from '@/test/render'
import { Feedback } from './Feedback'

it('keeps the thumb at once, and the comment when it is sent', async () => {
  const onGive = vi.fn(async () => undefined)
  renderApp(<Feedback given={null} onGive={onGive} />)
  await userEvent.click(screen.getByRole('button', { name: 'Bad answer' }))
  await userEvent.type(await screen.findByLabelText(/What was wrong/), 'Too long')
  expect(onGive).toHaveBeenCalledExactlyOnceWith(
    { rating: 'down', comment: '', include_text: false },
    expect.anything(),
  )
  await userEvent.click(screen.getByRole('button', { name: 'Send feedback' }))
  expect(onGive).toHaveBeenLastCalledWith(
    { rating: 'down', comment: 'Too long', include_text: false },
    expect.anything(),
  )
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
})

it('shows what was given, and takes it back', async () => {
  const onGive = vi.fn(async () => undefined)
  renderApp(<Feedback given={{ rating: 'up', comment: 'Nice', include_text: true }} onGive={onGive} />)
  const thumb = screen.getByRole('button', { name: 'Good answer' })
  expect(thumb).toHaveAttribute('aria-pressed', 'true')
  await userEvent.click(thumb)
  expect(await screen.findByLabelText(/What was wrong/)).toHaveValue('Nice')
  expect(onGive).not.toHaveBeenCalled()
  await userEvent.click(screen.getByRole('button', { name: 'Take back' }))
  expect(onGive).toHaveBeenLastCalledWith(null, expect.anything())
})

it('says what went wrong', async () => {
  const onGive = vi.fn(async () => {
    throw new TypeError('no connection')
  })
  renderApp(<Feedback given={null} onGive={onGive} />)
  await userEvent.click(screen.getByRole('button', { name: 'Good answer' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('No connection')
})
