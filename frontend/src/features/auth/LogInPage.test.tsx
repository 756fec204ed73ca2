import { AuthApiError } from '@supabase/supabase-js'
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Route, Routes } from 'react-router'
import { expect, it, vi } from 'vitest'
import { noteSessionEnd } from '@/lib/sessionEnd'
import { fakeAuth, renderApp } from '@/test/render'
import { LogInPage } from './LogInPage'
import { RecoverPage } from './RecoverPage'

async function logIn(email: string, password: string) {
  if (email) await userEvent.type(screen.getByLabelText('E-mail'), email)
  if (password) await userEvent.type(screen.getByLabelText('Password'), password)
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
}

it('logs in with what was entered', async () => {
  const signInWithPassword = vi.fn(async () => ({ error: null }))
  renderApp(<LogInPage />, { auth: fakeAuth({ signInWithPassword }, false) })
  await logIn('ada@example.org', ' spaces stay ')
  expect(signInWithPassword).toHaveBeenCalledWith({ email: 'ada@example.org', password: ' spaces stay ' })
})

it('says in words what to do when the password is wrong', async () => {
  const error = new AuthApiError('Invalid login credentials', 400, 'invalid_credentials')
  renderApp(<LogInPage />, { auth: fakeAuth({ signInWithPassword: async () => ({ error }) }, false) })
  await logIn('ada@example.org', 'wrong')
  expect(await screen.findByRole('alert')).toHaveTextContent('or the password is wrong')
})

it('asks for what is missing before anything is sent, and goes there', async () => {
  const signInWithPassword = vi.fn()
  renderApp(<LogInPage />, { auth: fakeAuth({ signInWithPassword }, false) })
  await logIn('', 'secret')
  expect(screen.getByText(/Enter your e-mail address/)).toBeVisible()
  expect(screen.getByLabelText('E-mail')).toHaveFocus()
  expect(signInWithPassword).not.toHaveBeenCalled()
})

it('says why it is shown when a session ended by itself', () => {
  noteSessionEnd()
  renderApp(<LogInPage />, { auth: fakeAuth({}, false) })
  expect(screen.getByRole('status')).toHaveTextContent('Your session has ended')
})

it('offers no sign-up where it is closed', () => {
  renderApp(<LogInPage />, { auth: fakeAuth({}, false), features: { signUp: false } })
  expect(screen.queryByRole('link', { name: 'Create account' })).toBeNull()
})

it('says whom to ask for a new password where no mail can be sent', () => {
  renderApp(<LogInPage />, { auth: fakeAuth({}, false), features: { passwordRecovery: false } })
  expect(screen.queryByRole('link', { name: 'Forgot your password?' })).toBeNull()
  expect(screen.getByText(/ask an administrator/)).toBeVisible()
})

it('takes a typed address along to the recovery page, and back', async () => {
  renderApp(
    <Routes>
      <Route path="/login" element={<LogInPage />} />
      <Route path="/recover" element={<RecoverPage />} />
    </Routes>,
    { auth: fakeAuth({}, false), at: '/login' },
  )
  await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org')
  await userEvent.click(screen.getByRole('link', { name: 'Forgot your password?' }))
  expect(screen.getByLabelText('E-mail')).toHaveValue('ada@example.org')
  await userEvent.click(screen.getByRole('link', { name: 'Back to log in' }))
  expect(screen.getByLabelText('E-mail')).toHaveValue('ada@example.org')
})
