import { auth } from './auth'
import { chat } from './chat'
import { common } from './common'

export { admin } from './admin'
export { agents } from './agents'
export { knowledge } from './knowledge'
export { settings } from './settings'

/** What the frame, the chat and the log-in say. */
export const frame = { ...common, auth, chat }
