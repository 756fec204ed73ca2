import { settings } from './en/settings'
import { catalogueLanguage } from './language'

export const settingsTexts: typeof settings =
  catalogueLanguage === 'de' ? (await import('./de/settings')).settings : settings
