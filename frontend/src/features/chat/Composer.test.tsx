import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { renderApp } from '@/test/render'
import { Composer } from './Composer'
import type { AgentChoice } from './useAgentChoice'

const choice: AgentChoice = { agents: [], agent: undefined, slug: undefined, choose: () => undefined }
const onSend = vi.fn()
const onStop = vi.fn()

beforeEach(() => {
  onSend.mockReset()
  onStop.mockReset()
})

function draw(busy = false) {
  return renderApp(
    <Composer id="c1" busy={busy} onSend={onSend} onStop={onStop} choice={choice} autoFocus={false} />,
  )
}

it('sends on Enter, begins a line on Shift + Enter, and is empty afterwards', async () => {
  draw()
  const box = screen.getByRole('textbox', { name: 'Your question' })
  await userEvent.type(box, 'One{Shift>}{Enter}{/Shift}two{Enter}')
  expect(onSend).toHaveBeenCalledExactlyOnceWith('One\ntwo', [])
  expect(box).toHaveValue('')
})

it('does not send what is empty', async () => {
  draw()
  await userEvent.type(screen.getByRole('textbox'), '   {Enter}')
  expect(onSend).not.toHaveBeenCalled()
  expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled()
})

it('offers to stop while an answer runs, by button and by Escape', async () => {
  draw(true)
  await userEvent.click(screen.getByRole('button', { name: 'Stop answering' }))
  await userEvent.type(screen.getByRole('textbox'), 'next{Enter}{Escape}')
  expect(onStop).toHaveBeenCalledTimes(2)
  expect(onSend).not.toHaveBeenCalled()
})

it('keeps a draft over a reload', async () => {
  const first = draw()
  await userEvent.type(screen.getByRole('textbox'), 'half a question')
  first.unmount()
  draw()
  expect(screen.getByRole('textbox')).toHaveValue('half a question')
})
