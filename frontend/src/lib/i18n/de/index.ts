import { auth } from './auth'
import { chat } from './chat'
import { common } from './common'

export const catalogue = { ...common, auth, chat }
