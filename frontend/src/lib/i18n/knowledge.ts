export { knowledge as knowledgeTexts } from './en/knowledge'
