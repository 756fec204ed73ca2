import { knowledge } from './en/knowledge'
import { catalogueLanguage } from './language'

export const knowledgeTexts: typeof knowledge =
  catalogueLanguage === 'de' ? (await import('./de/knowledge')).knowledge : knowledge
