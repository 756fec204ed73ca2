import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useCopy } from '@/components/useCopy'
import { t } from '@/lib/i18n'

interface CodeBlockProps {
  code: string
  /** What follows the fence, for example `python title="x"`. */
  language: string | undefined
}

/** Code with its language and a copy button; coloured once the highlighter has been fetched. */
export function CodeBlock({ code, language }: CodeBlockProps) {
  const name = language?.split(/\s/)[0] ?? ''
  const coloured = useHighlight(code, name)
  const { copied, copy } = useCopy()
  return (
    <div className="code-block overflow-hidden rounded-xl border border-line bg-sunken">
      <div className="flex items-center justify-between border-line border-b py-1 pr-1.5 pl-3.5 text-muted text-xs">
        <span>{name}</span>
        <button
          type="button"
          onClick={() => void copy(code)}
          aria-label={t.chat.copyCode}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-md px-2 hover:bg-line/60 hover:text-ink"
        >
          {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
          <span aria-live="polite">{copied ? t.actions.copied : t.actions.copy}</span>
        </button>
      </div>
      <pre tabIndex={0} className="overflow-x-auto px-3.5 py-3 font-mono text-[0.82rem] leading-relaxed">
        <code>{coloured ?? code}</code>
      </pre>
    </div>
  )
}

/** The code in colours, or null until the highlighter is there or where it does not know the language. */
function useHighlight(code: string, language: string): ReactNode {
  const [coloured, setColoured] = useState<{ code: string; nodes: ReactNode } | null>(null)

  useEffect(() => {
    if (!language) return
    let current = true
    import('./highlight').then(
      ({ highlight }) => current && setColoured({ code, nodes: highlight(code, language) }),
      () => undefined, // Without colours the code is still whole.
    )
    return () => {
      current = false
    }
  }, [code, language])

  return coloured?.code === code ? coloured.nodes : null
}
