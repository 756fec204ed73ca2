import { Link } from 'react-router'
import { EmptyState } from '@/components/EmptyState'
import { t } from '@/lib/i18n'

export function NotFoundPage() {
  return (
    <EmptyState
      page
      title={t.page.notFound}
      detail={t.page.notFoundDetail}
      action={
        <Link to="/" className="font-medium text-accent text-sm underline underline-offset-4">
          {t.page.home}
        </Link>
      }
    />
  )
}
