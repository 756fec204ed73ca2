import { settings } from './en/settings'
import { translated } from './translated'

export const settingsTexts: typeof settings = translated()?.settings ?? settings
