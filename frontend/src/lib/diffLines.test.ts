import { expect, it } from 'vitest'
import { diffLines } from './diffLines'

const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`)

it('keeps what is common and marks the rest', () => {
  expect(shown('a\nb\nc', 'a\nx\nc\nd')).toEqual([' a', '-b', '+x', ' c', '+d'])
})

it('marks all of a text that is new, and nothing of one that is the same', () => {
  expect(shown('', 'a\nb')).toEqual(['+a', '+b'])
  expect(shown('a\nb', 'a\nb')).toEqual([' a', ' b'])
})
