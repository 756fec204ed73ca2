import type { Token } from 'marked'
import type { ReactNode } from 'react'
import { CitationMarks } from './CitationMarks'
import { MathView } from './MathView'

const SAFE_LINK = /^(https?:|mailto:|\/(?!\/)|#)/i

export function Inline({ tokens }: { tokens: Token[] | undefined }): ReactNode {
  return tokens?.map((token, index) => <Span key={index} token={token} />)
}

function Span({ token }: { token: Token }): ReactNode {
  switch (token.type) {
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens ? (
        <Inline tokens={token.tokens} />
      ) : (
        <CitationMarks text={unescapeEntities(token.text)} />
      )
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      )
    case 'codespan':
      return <code>{unescapeEntities(token.text)}</code>
    case 'br':
      return <br />
    case 'math':
      return <MathView source={token.text} />
    case 'link':
      return <Link href={token.href} tokens={token.tokens} />
    case 'image':
      // A picture from elsewhere would tell that server who reads what, and when: only its text is shown.
      return (
        <Link
          href={token.href}
          tokens={[{ type: 'text', raw: token.text, text: token.text || token.href }]}
        />
      )
    default:
      return token.raw
  }
}

function Link({ href, tokens }: { href: string; tokens: Token[] | undefined }) {
  if (!SAFE_LINK.test(href)) return <Inline tokens={tokens} />
  return (
    <a href={href} target="_blank" rel="noreferrer">
      <Inline tokens={tokens} />
    </a>
  )
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' }

function unescapeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_whole, name: string) => ENTITIES[name] ?? '')
}
