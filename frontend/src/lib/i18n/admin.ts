import { admin } from './en/admin'
import { catalogueLanguage } from './language'

export const adminTexts: typeof admin =
  catalogueLanguage === 'de' ? (await import('./de/admin')).admin : admin
