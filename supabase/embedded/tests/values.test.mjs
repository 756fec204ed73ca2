import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numeric, postgresTypes, rfc3339, vectorText } from '../values.mjs'

test('times are RFC 3339', () => {
  assert.equal(rfc3339('2026-01-02 03:04:05.678901+00'), '2026-01-02T03:04:05.678901+00:00')
  assert.equal(rfc3339('2026-01-02 03:04:05-03:30'), '2026-01-02T03:04:05-03:30')
  assert.equal(rfc3339('2026-01-02 03:04:05'), '2026-01-02T03:04:05')
})

test('what is no such time is left alone', () => {
  for (const value of ['infinity', '0044-03-15 00:00:00+00 BC', null, undefined]) assert.equal(rfc3339(value), value)
})

test('decimals are numbers, even with trailing zeros', () => {
  assert.equal(numeric('1.50'), 1.5)
  assert.equal(numeric('NaN'), 'NaN')
})

test('a list is a vector', () => {
  assert.equal(vectorText([1, 0.5]), '[1,0.5]')
  assert.equal(vectorText('[1,2]'), '[1,2]')
})

test('each vector type of the database is known by its oid', () => {
  const { halfvec } = postgresTypes([{ name: 'halfvec', oid: 4242 }])
  assert.deepEqual([halfvec.to, halfvec.from], [4242, [4242]])
})
