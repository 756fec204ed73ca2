import type { Deployment } from '@/lib/api/types'
import { classes } from '@/lib/classes'
import { diffLines } from '@/lib/diffLines'
import { agentsTexts } from '@/lib/i18n/agents'
import { readable } from './readable'

const texts = agentsTexts.versions
const MARKS = { same: ' ', added: '+', removed: '−' }

/** What one version has that the one before has not: part by part, line by line, parts without a change left out. */
export function VersionDifference({ before, after }: { before: Deployment | null; after: Deployment }) {
  const parts = readable(after).map(({ part, text }) => ({
    part,
    lines: diffLines(before ? (readable(before).find((each) => each.part === part)?.text ?? '') : '', text),
  }))
  const changed = parts.filter(({ lines }) => lines.some((line) => line.kind !== 'same'))
  if (changed.length === 0) return <p className="text-muted text-sm">{texts.unchanged}</p>
  return (
    <div className="flex flex-col gap-5">
      {changed.map(({ part, lines }) => (
        <section key={part} aria-label={texts.parts[part]}>
          <h3 className="mb-1.5 font-medium text-sm">{texts.parts[part]}</h3>
          <pre className="overflow-x-auto whitespace-pre-wrap rounded-xl border border-line bg-sunken py-2 font-mono text-xs leading-relaxed">
            {lines.map((line, index) => (
              <span
                key={index}
                className={classes(
                  'block px-3',
                  line.kind === 'added' && 'bg-accent-soft',
                  line.kind === 'removed' && 'bg-danger-soft line-through decoration-danger/50',
                )}
              >
                <span aria-hidden="true">{MARKS[line.kind]} </span>
                {line.kind !== 'same' && <span className="sr-only">{texts[line.kind]}: </span>}
                {line.text}
              </span>
            ))}
          </pre>
        </section>
      ))}
    </div>
  )
}
