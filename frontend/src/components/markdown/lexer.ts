import { Marked, type TokenizerAndRendererExtension } from 'marked'

/** `$x$`, `$$x$$`, `\(x\)` and `\[x\]`, the ways in which models write mathematics. */
const INLINE_MATH = /^(?:\$(?![\s$])((?:\\.|[^\\$\n])+?)(?<![\s\\])\$(?!\d)|\\\((.+?)\\\))/
const BLOCK_MATH = /^(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])(?:\n|$)/

export interface MathToken {
  type: 'math' | 'mathBlock'
  raw: string
  text: string
}

const math: TokenizerAndRendererExtension[] = [
  {
    name: 'mathBlock',
    level: 'block',
    start: (source) => source.match(/\$\$|\\\[/)?.index,
    tokenizer: (source) => mathToken('mathBlock', BLOCK_MATH.exec(source)),
  },
  {
    name: 'math',
    level: 'inline',
    start: (source) => source.match(/\$|\\\(/)?.index,
    tokenizer: (source) => mathToken('math', INLINE_MATH.exec(source)),
  },
]

function mathToken(type: MathToken['type'], match: RegExpExecArray | null): MathToken | undefined {
  return match ? { type, raw: match[0], text: (match[1] ?? match[2] ?? '').trim() } : undefined
}

const marked = new Marked({ gfm: true, breaks: false, extensions: math })

/** Markdown as a tree of tokens. Nothing of it is ever put into the page as HTML. */
export function lex(source: string) {
  return marked.lexer(source)
}

/**
 * Closes what a half-written last line leaves open, so that a streamed answer does not show
 * asterisks and brackets that turn into something else a moment later.
 */
export function completeLastLine(source: string): string {
  const start = source.lastIndexOf('\n') + 1
  const head = source.slice(0, start)
  if ((head.match(/^\s*(```|~~~)/gm)?.length ?? 0) % 2 === 1) return source
  let line = source.slice(start)
  line = line.replace(/\[(\d*)$/, '').replace(/\[([^[\]]*)\]\([^)\s]*$/, '$1')
  for (const mark of ['`', '**', '~~']) {
    if ((line.split(mark).length - 1) % 2 === 1)
      line = line.endsWith(mark) ? line.slice(0, -mark.length) : line + mark
  }
  return head + line
}
