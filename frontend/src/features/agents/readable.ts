import type { Deployment } from '@/lib/api/types'
import { agentsTexts } from '@/lib/i18n/agents'

const texts = agentsTexts.versions
type Part = keyof typeof texts.parts

/** A deployment as a person reads it: each part as lines, so that two can be laid side by side. */
export function readable(deployment: Deployment): { part: Part; text: string }[] {
  const parts: Record<Part, string> = {
    instructions: deployment.instructions,
    model: deployment.model ?? texts.serverModel,
    fallback_models: list(deployment.fallback_models),
    model_settings: fields(deployment.model_settings),
    tools: list(deployment.tools.map(toolInWords)),
    knowledge: fields(deployment.knowledge),
    limits: fields(deployment.limits),
    starters: list(deployment.starters),
  }
  return (Object.keys(texts.parts) as Part[]).map((part) => ({ part, text: parts[part] }))
}

function toolInWords({ kind, approval, ...rest }: Record<string, unknown>): string {
  const name = agentsTexts.tools.names[String(kind)] ?? String(kind)
  const details = fields(rest).replaceAll('\n', ', ')
  return [
    details && details !== texts.nothing ? `${name} (${details})` : name,
    approval === true && agentsTexts.tools.askFirst.toLowerCase(),
  ]
    .filter(Boolean)
    .join(', ')
}

function fields(record: Record<string, unknown>): string {
  const given = Object.entries(record).filter(
    ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return list(given.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${plain(value)}`))
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function list(lines: string[]): string {
  return lines.length > 0 ? lines.join('\n') : texts.nothing
}
