import { useEffect, useRef } from 'react'

/** Mathematics as MathML, which browsers draw by themselves; the source is shown until it is there. */
export function MathView({ source, display = false }: { source: string; display?: boolean }) {
  const element = useRef<HTMLElement>(null)

  useEffect(() => {
    let current = true
    import('temml').then(
      ({ default: temml }) => {
        if (current && element.current) {
          temml.render(source, element.current, { displayMode: display, throwOnError: false, trust: false })
        }
      },
      () => undefined, // The source stays, which says the same.
    )
    return () => {
      current = false
    }
  }, [source, display])

  const Tag = display ? 'div' : 'span'
  return (
    <Tag
      ref={(node: HTMLElement | null) => {
        element.current = node
      }}
      className={display ? 'my-3 overflow-x-auto text-center' : undefined}
    >
      {source}
    </Tag>
  )
}
