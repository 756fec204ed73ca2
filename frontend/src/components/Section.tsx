import { type ReactNode, useId } from 'react'

/** A part of a page with its name and, where it needs one, a sentence about it. */
export function Section({ title, intro, children }: { title: string; intro?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {intro && <p className="mt-1 text-muted text-sm">{intro}</p>}
      <div className="mt-4">{children}</div>
    </section>
  )
}
