import type { Deployment } from '@/lib/api/types'
import { classes } from '@/lib/classes'
import { diffLines } from '@/lib/diffLines'
import { t } from '@/lib/i18n'

const texts = t.agents.versions
const MARKS = { same: ' ', added: '+', removed: '−' }

/** What one version has that the one before has not, line by line. */
export function VersionDifference({ before, after }: { before: Deployment | null; after: Deployment }) {
  const lines = diffLines(before ? asText(before) : '', asText(after))
  return (
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
  )
}

function asText(deployment: Deployment): string {
  const settings = {
    model: deployment.model,
    fallback_models: deployment.fallback_models,
    model_settings: deployment.model_settings,
    tools: deployment.tools,
    knowledge: deployment.knowledge,
    limits: deployment.limits,
    starters: deployment.starters,
  }
  return `${deployment.instructions}\n\n${JSON.stringify(settings, null, 2)}`
}
