import { expect, it } from 'vitest'
import type { Deployment } from '@/lib/api/types'
import { readable } from './readable'

const deployment: Deployment = {
  number: 1,
  instructions: 'Be kind.',
  model: null,
  fallback_models: [],
  model_settings: { temperature: 0.2 },
  tools: [
    { kind: 'web_search', results: 5, approval: true },
    { kind: 'agent', slug: 'ledger', purpose: '', approval: false },
  ],
  knowledge: { mode: 'always', limit: 6, source_ids: [] },
  limits: {},
  starters: ['Who are you?'],
  note: '',
  created_by: null,
  created_at: '2026-01-01T00:00:00Z',
}

it('says each part of a deployment in words', () => {
  expect(Object.fromEntries(readable(deployment).map(({ part, text }) => [part, text]))).toEqual({
    instructions: 'Be kind.',
    model: 'the model that this Roost is set to',
    fallback_models: 'none',
    model_settings: 'temperature: 0.2',
    tools: 'Web search (results: 5), ask the person first\nAnother agent (slug: ledger)',
    knowledge: 'mode: always\nlimit: 6',
    limits: 'none',
    starters: 'Who are you?',
  })
})
