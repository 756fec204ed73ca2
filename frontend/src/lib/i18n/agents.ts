export { agents as agentsTexts } from './en/agents'
