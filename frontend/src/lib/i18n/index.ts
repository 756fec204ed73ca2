import { auth } from './en/auth'
import { chat } from './en/chat'
import { common } from './en/common'
import { catalogueLanguage } from './language'

/**
 * Every text the app shows is in the folder `en`. Another language is one more folder of the same shape, which only
 * those fetch who read it; `language.ts` names them. Here are the texts that the chat needs; each other room's are a file
 * beside this one, which comes with the room's first page.
 */
const en = { ...common, auth, chat }

export type Catalogue = typeof en

export const t: Catalogue = catalogueLanguage === 'de' ? (await import('./de')).catalogue : en

document.documentElement.lang = catalogueLanguage
