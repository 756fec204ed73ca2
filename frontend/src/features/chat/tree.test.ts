import { describe, expect, it } from 'vitest'
import type { StoredMessage } from '@/lib/api/types'
import { childrenByParent, newestLeaf, pathTo } from './tree'

function message(id: string, parent_id: string | null): StoredMessage {
  return {
    id,
    parent_id,
    role: 'user',
    parts: [],
    created_at: '2026-01-01T00:00:00Z',
    run: null,
    feedback: null,
  }
}

/** Two questions at the root; the first has two answers, the second of which was followed up. */
const TREE = [
  message('q1', null),
  message('a1', 'q1'),
  message('a2', 'q1'),
  message('q3', 'a2'),
  message('q2', null),
  message('b1', 'q2'),
]

describe('a conversation with branches', () => {
  it('shows the path from the root to the head', () => {
    expect(pathTo(TREE, 'q3').map((m) => m.id)).toEqual(['q1', 'a2', 'q3'])
    expect(pathTo(TREE, 'b1').map((m) => m.id)).toEqual(['q2', 'b1'])
  })

  it('shows nothing without a head, or with one that is not there', () => {
    expect(pathTo(TREE, null)).toEqual([])
    expect(pathTo(TREE, 'gone')).toEqual([])
  })

  it('ends when parents go in a circle', () => {
    expect(pathTo([message('x', 'y'), message('y', 'x')], 'x').length).toBeLessThan(4)
  })

  it('knows the versions of each message in the order they were made', () => {
    const children = childrenByParent(TREE)
    expect(children.get(null)).toEqual(['q1', 'q2'])
    expect(children.get('q1')).toEqual(['a1', 'a2'])
  })

  it('follows a branch to its newest end', () => {
    expect(newestLeaf(TREE, 'q1')).toBe('q3')
    expect(newestLeaf(TREE, 'a1')).toBe('a1')
  })
})
