import { screen } from '@testing-library/react'
import { Route, Routes } from 'react-router'
import { expect, it } from 'vitest'
import { fakeAuth, renderApp } from '@/test/render'
import { RequireSession } from './RequireSession'

function draw(firstAccount: boolean) {
  renderApp(
    <Routes>
      <Route element={<RequireSession />}>
        <Route index element={<p>inside</p>} />
      </Route>
      <Route path="/login" element={<p>the log-in page</p>} />
      <Route path="/signup" element={<p>the sign-up page</p>} />
    </Routes>,
    { auth: fakeAuth({}, false), features: { firstAccount } },
  )
}

it('leads to the log-in page', () => {
  draw(false)
  expect(screen.getByText('the log-in page')).toBeVisible()
})

it('leads the very first person to the sign-up page: there is nothing to log in to', () => {
  draw(true)
  expect(screen.getByText('the sign-up page')).toBeVisible()
})
