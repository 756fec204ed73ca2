import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import type { Citation } from '@/lib/api/types'
import { CitationsContext } from './CitationMarks'
import { completeLastLine } from './lexer'
import { Markdown } from './Markdown'

const citation: Citation = {
  n: 1,
  document_id: 'd',
  title: 'House rules',
  place: 'page 3',
  passage: 'Quiet after ten.',
  score: 0.9,
  ordinal: 4,
  path: null,
  uri: null,
}

describe('Markdown', () => {
  it('draws headings, lists, tables and code', () => {
    render(
      <Markdown
        source={'# Title\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```py\nprint(1)\n```'}
      />,
    )
    expect(screen.getByRole('heading', { name: 'Title' })).toBeVisible()
    expect(screen.getAllByRole('listitem')).toHaveLength(2)
    expect(screen.getByRole('cell', { name: '2' })).toBeVisible()
    expect(screen.getByText('print(1)')).toBeVisible()
    expect(screen.getByRole('button', { name: 'Copy the code' })).toBeVisible()
  })

  it('shows HTML as text and never as elements', () => {
    const { container } = render(
      <Markdown source={'<img src=x onerror=alert(1)>\n\nhello <script>x</script>'} />,
    )
    expect(container.querySelector('img, script')).toBeNull()
    expect(container).toHaveTextContent('<img src=x onerror=alert(1)>')
  })

  it('makes no link of a scheme that could run code, and fetches no foreign picture', () => {
    const { container } = render(
      <Markdown source={'[a](javascript:alert(1)) [b](https://b.example) ![c](https://c.example/x.png)'} />,
    )
    expect(screen.queryByRole('link', { name: 'a' })).toBeNull()
    expect(screen.getByRole('link', { name: 'b' })).toHaveAttribute('href', 'https://b.example')
    expect(container.querySelector('img')).toBeNull()
  })

  it('makes a chip of a number that has a citation, and leaves others alone', async () => {
    const open = vi.fn()
    render(
      <CitationsContext value={{ byNumber: new Map([[1, citation]]), open }}>
        <Markdown source="Quiet hours are at ten [1], see also [9]." />
      </CitationsContext>,
    )
    await userEvent.click(screen.getByRole('button', { name: 'Source 1: House rules' }))
    expect(open).toHaveBeenCalledWith(citation)
    expect(screen.getByText(/see also \[9\]/)).toBeVisible()
  })
})

describe('a line that is still being written', () => {
  it.each([
    ['This is **bo', 'This is **bo**'],
    ['This is **', 'This is '],
    ['Use `npm', 'Use `npm`'],
    ['See [the docs](https://exam', 'See the docs'],
    ['As said [1', 'As said '],
    ['done **bold** and `code`', 'done **bold** and `code`'],
  ])('%s → %s', (written, shown) => {
    expect(completeLastLine(written)).toBe(shown)
  })

  it('leaves an open code block alone', () => {
    expect(completeLastLine('```py\nx = "**"')).toBe('```py\nx = "**"')
  })
})
