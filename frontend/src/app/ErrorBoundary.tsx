import { Component, type ReactNode } from 'react'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { t } from '@/lib/i18n'

/** The last net: a page that throws while it is drawn shows words and a way on instead of nothing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <EmptyState
        page
        title={t.page.broken}
        detail={t.page.brokenDetail}
        action={<Button onClick={() => window.location.reload()}>{t.actions.reload}</Button>}
      />
    )
  }
}
