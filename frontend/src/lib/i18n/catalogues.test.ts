import { expect, it, vi } from 'vitest'
import { admin, agents, frame, knowledge, settings } from './de'
import { admin as enAdmin } from './en/admin'
import { agents as enAgents } from './en/agents'
import { auth as enAuth } from './en/auth'
import { chat as enChat } from './en/chat'
import { common as enCommon } from './en/common'
import { knowledge as enKnowledge } from './en/knowledge'
import { settings as enSettings } from './en/settings'

const ENGLISH = {
  ...enCommon,
  auth: enAuth,
  chat: enChat,
  admin: enAdmin,
  agents: enAgents,
  knowledge: enKnowledge,
  settings: enSettings,
}
const GERMAN = { ...frame, admin, agents, knowledge, settings }

/** Each text by its path; of a text that takes arguments, what it says to some. */
function texts(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]]
  if (typeof node === 'function') return [[path, String(node(2, 3, 4))]]
  return Object.entries(node as Record<string, unknown>).flatMap(([key, each]) =>
    texts(each, `${path}.${key}`),
  )
}

it('has every text in both languages, none of them empty', () => {
  const english = texts(ENGLISH)
  const german = texts(GERMAN)
  expect(german.map(([path]) => path).sort()).toEqual(english.map(([path]) => path).sort())
  expect([...english, ...german].filter(([, text]) => text.trim() === '')).toEqual([])
})

it('is really in German: what is alike in both are names and words that German shares', () => {
  const english = new Map(texts(ENGLISH))
  const alike = texts(GERMAN).filter(([path, text]) => english.get(path) === text && text.length > 13)
  expect(alike).toEqual([])
})

it.each([
  ['de', ['en-US'], 'de', 'de'],
  [null, ['de-AT', 'en'], 'de', 'de-AT'],
  [null, ['fr', 'en-GB'], 'en', 'en-GB'],
  [null, ['fr'], 'en', 'en'],
  ['xx', ['fr'], 'en', 'en'],
])('chosen %s in a browser of %s it is %s, with dates as in %s', async (chosen, browser, catalogue, tag) => {
  vi.resetModules()
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(browser)
  if (chosen) localStorage.setItem('roost-language', chosen)
  else localStorage.removeItem('roost-language')
  const { catalogueLanguage, language } = await import('./language')
  expect([catalogueLanguage, language]).toEqual([catalogue, tag])
  localStorage.removeItem('roost-language')
})
