import { type Draft, EMPTY_DRAFT } from './draft'

/** What stands in an agent's form and was neither deployed nor discarded. */
export interface KeptForm {
  draft: Draft
  /** The newest version that its author had seen. */
  basis: number
}

const PREFIX = 'roost-agent:'

/** The form of an agent as this browser keeps it over reloads; `new` is the one of an agent that is not made yet. */
export function readForm(slug: string): KeptForm | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + slug) ?? 'null')
    // One that an older version of the web app kept may lack a field.
    return isForm(kept) ? { basis: kept.basis, draft: { ...EMPTY_DRAFT, ...kept.draft } } : null
  } catch {
    return null
  }
}

export function keepForm(slug: string, form: KeptForm | null): void {
  if (form) localStorage.setItem(PREFIX + slug, JSON.stringify(form))
  else localStorage.removeItem(PREFIX + slug)
}

function isForm(value: unknown): value is KeptForm {
  if (typeof value !== 'object' || value === null || !('draft' in value) || !('basis' in value)) return false
  return typeof value.draft === 'object' && value.draft !== null && typeof value.basis === 'number'
}
