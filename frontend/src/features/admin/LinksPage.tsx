import { SharedLinks } from '@/components/SharedLinks'
import { adminTexts } from '@/lib/i18n/admin'
import { AdminFrame } from './AdminFrame'

/** Everything that is open to whoever has a link. */
export function LinksPage() {
  return (
    <AdminFrame title={adminTexts.links.title} intro={adminTexts.links.intro}>
      <SharedLinks everybody />
    </AdminFrame>
  )
}
