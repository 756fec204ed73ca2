import { screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { fakeFetch, renderApp } from '@/test/render'
import { useAgentChoice } from './useAgentChoice'

afterEach(() => {
  vi.restoreAllMocks()
  localStorage.clear()
})

function Shown({ ofConversation }: { ofConversation?: string }) {
  const { slug } = useAgentChoice(ofConversation)
  return <p>asks {slug ?? 'the default'}</p>
}

const GUIDE = { id: '1', slug: 'guide', name: 'Guide', status: 'deployed' }
const HENS = { id: '2', slug: 'hens', name: 'Hens', status: 'deployed' }

test('the agent that was chosen is asked also before the list of agents is there', async () => {
  localStorage.setItem('roost-agent', 'hens')
  fakeFetch({ 'GET /api/agents': { items: [GUIDE, HENS] } })

  renderApp(<Shown />)

  expect(screen.getByText('asks hens')).toBeVisible()
})

test('one that is not there any more leaves the question to the default', async () => {
  localStorage.setItem('roost-agent', 'gone')
  fakeFetch({ 'GET /api/agents': { items: [GUIDE, HENS] } })

  renderApp(<Shown />)

  expect(await screen.findByText('asks the default')).toBeVisible()
})

test('a conversation goes on with its own agent, whichever was chosen last', async () => {
  localStorage.setItem('roost-agent', 'hens')
  fakeFetch({ 'GET /api/agents': { items: [GUIDE, HENS] } })

  renderApp(<Shown ofConversation="guide" />)

  expect(await screen.findByText('asks guide')).toBeVisible()
})
