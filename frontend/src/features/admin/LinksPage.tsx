import { SharedLinks } from '@/components/SharedLinks'
import { t } from '@/lib/i18n'
import { AdminFrame } from './AdminFrame'

/** Everything that is open to whoever has a link. */
export function LinksPage() {
  return (
    <AdminFrame title={t.admin.links.title} intro={t.admin.links.intro}>
      <SharedLinks everybody />
    </AdminFrame>
  )
}
