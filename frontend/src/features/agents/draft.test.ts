import { expect, it } from 'vitest'
import type { Deployment } from '@/lib/api/types'
import { draftOf, slugOf, toDeployment } from './draft'

const deployment: Deployment = {
  number: 3,
  instructions: 'Be brief.',
  model: 'openai:gpt-5',
  fallback_models: ['anthropic:claude'],
  model_settings: { temperature: 0.2, max_tokens: 900 },
  tools: [{ kind: 'mcp', server: 'files' }],
  knowledge: { mode: 'tool', limit: 6 },
  limits: { requests: 5 },
  starters: ['One?', 'Two?'],
  note: 'The third',
  created_by: null,
  created_at: '2026-01-01T00:00:00Z',
}

it('brings back unchanged what the form does not show', () => {
  const again = toDeployment(draftOf({ name: 'A', description: '' }, deployment), deployment)
  expect(again).toMatchObject({
    instructions: 'Be brief.',
    model: 'openai:gpt-5',
    fallback_models: ['anthropic:claude'],
    model_settings: { temperature: 0.2, max_tokens: 900 },
    tools: [{ kind: 'mcp', server: 'files' }],
    knowledge: { mode: 'tool', limit: 6 },
    limits: { requests: 5 },
    starters: ['One?', 'Two?'],
    note: '',
  })
})

it('takes an empty model and temperature for the default', () => {
  const draft = { ...draftOf({ name: 'A', description: '' }, deployment), model: ' ', temperature: '' }
  expect(toDeployment(draft, deployment)).toMatchObject({
    model: null,
    model_settings: { temperature: null },
  })
})

it.each([
  ['House rules & pets', 'house-rules-pets'],
  ['Über Öl', 'uber-ol'],
  ['  --  ', ''],
])('%s has the slug %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})
