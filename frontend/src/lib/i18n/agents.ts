import { agents } from './en/agents'
import { translated } from './translated'

export const agentsTexts: typeof agents = translated()?.agents ?? agents
