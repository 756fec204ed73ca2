import type { Deployment, DeploymentRequest } from '@/lib/api/types'

export type ToolChoice = NonNullable<DeploymentRequest['tools']>[number]

/** An agent as its form holds it: lists are text, one entry a line. */
export interface Draft {
  name: string
  description: string
  instructions: string
  model: string
  fallbackModels: string
  temperature: string
  knowledge: 'always' | 'tool' | 'off'
  starters: string
  tools: ToolChoice[]
  note: string
}

export const EMPTY_DRAFT: Draft = {
  name: '',
  description: '',
  instructions: '',
  model: '',
  fallbackModels: '',
  temperature: '',
  knowledge: 'always',
  starters: '',
  tools: [],
  note: '',
}

/** The form of an agent as its live version has it. */
export function draftOf(agent: { name: string; description: string }, live: Deployment | undefined): Draft {
  return {
    ...EMPTY_DRAFT,
    name: agent.name,
    description: agent.description,
    ...(live && {
      instructions: live.instructions,
      model: live.model ?? '',
      fallbackModels: live.fallback_models.join('\n'),
      temperature: String(live.model_settings.temperature ?? ''),
      knowledge: (live.knowledge.mode as Draft['knowledge'] | undefined) ?? 'always',
      starters: live.starters.join('\n'),
      tools: live.tools as unknown as ToolChoice[],
    }),
  }
}

/** What is deployed. What the form does not show is taken over from the version it started from. */
export function toDeployment(draft: Draft, base: Deployment | undefined): DeploymentRequest {
  const settings = { ...base?.model_settings } as NonNullable<DeploymentRequest['model_settings']>
  settings.temperature = draft.temperature === '' ? null : Number(draft.temperature)
  return {
    instructions: draft.instructions,
    model: draft.model.trim() || null,
    fallback_models: lines(draft.fallbackModels),
    model_settings: settings,
    tools: draft.tools,
    knowledge: { ...base?.knowledge, mode: draft.knowledge },
    limits: { ...base?.limits },
    starters: lines(draft.starters),
    note: draft.note.trim(),
  }
}

/** "House rules & pets" → "house-rules-pets" */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
