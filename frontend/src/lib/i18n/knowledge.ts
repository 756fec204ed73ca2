import { knowledge } from './en/knowledge'
import { translated } from './translated'

export const knowledgeTexts: typeof knowledge = translated()?.knowledge ?? knowledge
