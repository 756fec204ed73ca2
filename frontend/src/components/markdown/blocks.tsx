import type { Token, Tokens } from 'marked'
import type { ReactNode } from 'react'
import { CodeBlock } from './CodeBlock'
import { Inline } from './inline'
import { MathView } from './MathView'

/** One block of Markdown. Raw HTML is shown as the text it is. */
export function Block({ token }: { token: Token }): ReactNode {
  switch (token.type) {
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      )
    case 'heading':
      return <Heading token={token as Tokens.Heading} />
    case 'list':
      return <List token={token as Tokens.List} />
    case 'code':
      return <CodeBlock code={token.text} language={token.lang} />
    case 'blockquote':
      return <blockquote>{blocksOf(token.tokens)}</blockquote>
    case 'table':
      return <Table token={token as Tokens.Table} />
    case 'hr':
      return <hr />
    case 'mathBlock':
      return <MathView source={token.text} display />
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : token.text
    case 'html':
      return <p>{token.raw}</p>
    default:
      return null // blank lines and link definitions
  }
}

function blocksOf(tokens: Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => <Block key={index} token={token} />)
}

/** An answer's headings start at the third level: the page and the message have the first two. */
function Heading({ token }: { token: Tokens.Heading }) {
  const Tag = (['h3', 'h4', 'h5', 'h6'] as const)[Math.min(token.depth - 1, 3)] ?? 'h6'
  return (
    <Tag>
      <Inline tokens={token.tokens} />
    </Tag>
  )
}

function List({ token }: { token: Tokens.List }) {
  const Tag = token.ordered ? 'ol' : 'ul'
  return (
    <Tag start={token.ordered && token.start !== 1 && token.start !== '' ? token.start : undefined}>
      {token.items.map((item, index) => (
        <li key={index} className={item.task ? 'list-none' : undefined}>
          {item.task && <span aria-hidden="true">{item.checked ? '☑ ' : '☐ '}</span>}
          {blocksOf(item.tokens)}
        </li>
      ))}
    </Tag>
  )
}

function Table({ token }: { token: Tokens.Table }) {
  return (
    <div className="overflow-x-auto" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, column) => (
              <th key={column} align={cell.align ?? undefined}>
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} align={cell.align ?? undefined}>
                  <Inline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
