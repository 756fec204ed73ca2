import { expect, it } from 'vitest'
import type { AuditLine } from '@/lib/api/types'
import { toCsv } from './toCsv'

const line: AuditLine = {
  id: 1,
  at: '2026-01-01T00:00:00Z',
  actor_id: null,
  actor_email: 'ada@example.org',
  action: 'agent.deploy',
  subject_kind: 'agent',
  subject_id: 'guide',
  subject_name: '=cmd|"x", y',
  before: null,
  after: { number: 2 },
}

it('quotes what has to be quoted and disarms formulas', () => {
  expect(toCsv([line]).split('\r\n')[1]).toBe(
    `2026-01-01T00:00:00Z,ada@example.org,agent.deploy,agent,guide,"'=cmd|""x"", y",,"{""number"":2}"`,
  )
})
