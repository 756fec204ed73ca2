import type { ElementContent, RootContent } from 'hast'
import { common, createLowlight } from 'lowlight'
import { createElement, type ReactNode } from 'react'

const lowlight = createLowlight(common)

/** Code as coloured React nodes, or null where the language is not known. Loaded only when code is shown. */
export function highlight(code: string, language: string): ReactNode {
  if (!lowlight.registered(language)) return null
  return lowlight.highlight(language, code).children.map(toNode)
}

function toNode(node: RootContent | ElementContent, key: number): ReactNode {
  if (node.type === 'text') return node.value
  if (node.type !== 'element') return null
  const names = node.properties.className
  return createElement(
    'span',
    { key, className: Array.isArray(names) ? names.join(' ') : undefined },
    node.children.map(toNode),
  )
}
