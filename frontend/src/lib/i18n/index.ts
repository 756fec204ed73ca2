import { admin } from './en/admin'
import { agents } from './en/agents'
import { auth } from './en/auth'
import { chat } from './en/chat'
import { common } from './en/common'
import { knowledge } from './en/knowledge'
import { settings } from './en/settings'

/** Every text the app shows, in English. Another language is one more folder of the same shape. */
const en = { ...common, admin, agents, auth, chat, knowledge, settings }

export type Catalogue = typeof en

/** BCP 47 tag that dates and numbers are written in. */
export const language = 'en'

export const t: Catalogue = en
