import { useEffect } from 'react'
import { t } from './i18n'

/** Names the page in the tab and in the history. */
export function useTitle(title: string | null | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t.product}` : t.product
  }, [title])
}
