import { admin } from './en/admin'
import { translated } from './translated'

export const adminTexts: typeof admin = translated()?.admin ?? admin
