import { agents } from './en/agents'
import { catalogueLanguage } from './language'

export const agentsTexts: typeof agents =
  catalogueLanguage === 'de' ? (await import('./de/agents')).agents : agents
