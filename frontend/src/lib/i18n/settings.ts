export { settings as settingsTexts } from './en/settings'
