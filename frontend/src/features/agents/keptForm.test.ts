import { afterEach, expect, it } from 'vitest'
import { EMPTY_DRAFT } from './draft'
import { keepForm, readForm } from './keptForm'

afterEach(() => localStorage.clear())

it('gives back what it kept', () => {
  const form = { draft: { ...EMPTY_DRAFT, name: 'Hens' }, basis: 2 }
  keepForm('hens', form)
  expect(readForm('hens')).toEqual(form)
  keepForm('hens', null)
  expect(readForm('hens')).toBeNull()
})

it('fills up what an older version of the web app did not know', () => {
  localStorage.setItem('roost-agent:hens', '{"draft": {"name": "Hens"}, "basis": 1}')
  expect(readForm('hens')).toEqual({ draft: { ...EMPTY_DRAFT, name: 'Hens' }, basis: 1 })
})

it.each(['no JSON', '{"draft": null, "basis": 1}', '{"draft": {}}', '[]', 'null'])(
  'passes over %s',
  (text) => {
    localStorage.setItem('roost-agent:hens', text)
    expect(readForm('hens')).toBeNull()
  },
)
