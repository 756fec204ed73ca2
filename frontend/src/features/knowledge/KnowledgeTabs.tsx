import { Tabs } from '@/components/Tabs'
import { t } from '@/lib/i18n'
import { knowledgeTexts } from '@/lib/i18n/knowledge'

const TABS = [
  ['/documents', t.nav.documents],
  ['/documents/search', t.nav.search],
  ['/documents/tables', knowledgeTexts.tables.title],
  ['/documents/sources', knowledgeTexts.sources.title],
] as const

/** The views of what the agents know. */
export function KnowledgeTabs() {
  return <Tabs label={knowledgeTexts.tabs} tabs={TABS} />
}
