import { auth } from './en/auth'
import { chat } from './en/chat'
import { common } from './en/common'

/**
 * Every text the app shows is in the folder `en`; another language is one more folder of the same shape. Here are those
 * that the chat needs; each other room's are a file beside this one, which comes with the room's first page.
 */
const en = { ...common, auth, chat }

export type Catalogue = typeof en

/** BCP 47 tag that dates and numbers are written in. */
export const language = 'en'

export const t: Catalogue = en
