import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { letErrorsCarryTheirFields, revealDatabaseError, statusOf } from '../errors.mjs'

test('SQLSTATEs have the status that PostgREST gives them', () => {
  const expected = {
    PT404: 404,
    PT503: 503,
    P0001: 400,
    P0002: 500,
    23505: 409,
    23514: 400,
    '22P02': 400,
    '28P01': 403,
    40001: 500,
    '42P17': 500,
    53300: 503,
    57014: 500,
    '57P01': 503,
    '08006': 503,
    XX000: 500,
  }
  for (const [code, status] of Object.entries(expected)) assert.equal(statusOf(code), status, code)
  assert.equal(statusOf(undefined), 500)
})

test('an error hidden in a 500 comes out with its fields', async () => {
  letErrorsCarryTheirFields()
  const error = new postgres.PostgresError({ code: 'P0001', message: 'no', detail: 'why', hint: 'what' })
  const hidden = Response.json({ code: 'SUP', message: String(error) }, { status: 500 })

  const revealed = await revealDatabaseError(hidden)

  assert.equal(revealed.status, 400)
  assert.deepEqual(await revealed.json(), { code: 'P0001', message: 'no', details: 'why', hint: 'what' })
})

test('other answers pass as they are', async () => {
  const fine = new Response('[]', { status: 200 })
  assert.equal(await revealDatabaseError(fine), fine)

  const broken = await revealDatabaseError(new Response('Internal Server Error', { status: 500 }))
  assert.equal(broken.status, 500)
  assert.equal(await broken.text(), 'Internal Server Error')
})
