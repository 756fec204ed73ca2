import { expect, it } from 'vitest'
import { placeWithin } from './placeWithin'

it.each([
  ['House rules', 'House rules', ''],
  ['House rules', 'House rules › At night', 'At night'],
  ['House rules', 'page 3', 'page 3'],
  ['House', 'House rules', 'House rules'],
  ['House rules', null, ''],
])('of %s, %s leaves %s', (title, place, left) => {
  expect(placeWithin(title, place)).toBe(left)
})
