import type { Token } from 'marked'
import { memo, useMemo } from 'react'
import { Block } from './blocks'
import { completeLastLine, lex } from './lexer'

interface MarkdownProps {
  source: string
  /** While text still arrives: what the last line leaves open is closed for the eye. */
  streaming?: boolean
}

/**
 * Markdown drawn as React elements, block by block. Blocks that have not changed since the last
 * token are not drawn again, so a long answer streams at the cost of its last paragraph.
 */
export const Markdown = memo(function Markdown({ source, streaming = false }: MarkdownProps) {
  const tokens = useMemo(() => lex(streaming ? completeLastLine(source) : source), [source, streaming])
  return (
    <div className="prose-roost">
      {tokens.map((token, index) => (
        <MemoBlock key={index} token={token} />
      ))}
    </div>
  )
})

const MemoBlock = memo(Block, (before, after) => sameToken(before.token, after.token))

function sameToken(a: Token, b: Token): boolean {
  return a.type === b.type && a.raw === b.raw
}
