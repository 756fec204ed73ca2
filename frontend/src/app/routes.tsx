import { lazy } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundPage } from './NotFoundPage'
import { RequireSession } from './RequireSession'
import { Shell } from './Shell'

/** Each page is a file of its own that is fetched when it is first opened. */
const ChatPage = lazy(() => import('@/features/chat/ChatPage').then((m) => ({ default: m.ChatPage })))
const DocumentsPage = lazy(() =>
  import('@/features/knowledge/DocumentsPage').then((m) => ({ default: m.DocumentsPage })),
)
const SearchPage = lazy(() =>
  import('@/features/knowledge/SearchPage').then((m) => ({ default: m.SearchPage })),
)
const SourcesPage = lazy(() =>
  import('@/features/knowledge/SourcesPage').then((m) => ({ default: m.SourcesPage })),
)
const AgentsPage = lazy(() => import('@/features/agents/AgentsPage').then((m) => ({ default: m.AgentsPage })))
const NewAgentPage = lazy(() =>
  import('@/features/agents/NewAgentPage').then((m) => ({ default: m.NewAgentPage })),
)
const AgentPage = lazy(() => import('@/features/agents/AgentPage').then((m) => ({ default: m.AgentPage })))
const SettingsPage = lazy(() =>
  import('@/features/settings/SettingsPage').then((m) => ({ default: m.SettingsPage })),
)
const UsagePage = lazy(() => import('@/features/admin/UsagePage').then((m) => ({ default: m.UsagePage })))
const BudgetsPage = lazy(() =>
  import('@/features/admin/BudgetsPage').then((m) => ({ default: m.BudgetsPage })),
)
const AuditPage = lazy(() => import('@/features/admin/AuditPage').then((m) => ({ default: m.AuditPage })))
const SystemPage = lazy(() => import('@/features/admin/SystemPage').then((m) => ({ default: m.SystemPage })))
const LogInPage = lazy(() => import('@/features/auth/LogInPage').then((m) => ({ default: m.LogInPage })))
const SignUpPage = lazy(() => import('@/features/auth/SignUpPage').then((m) => ({ default: m.SignUpPage })))
const RecoverPage = lazy(() =>
  import('@/features/auth/RecoverPage').then((m) => ({ default: m.RecoverPage })),
)
const NewPasswordPage = lazy(() =>
  import('@/features/auth/NewPasswordPage').then((m) => ({ default: m.NewPasswordPage })),
)

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/login" element={<LogInPage />} />
      <Route path="/signup" element={<SignUpPage />} />
      <Route path="/recover" element={<RecoverPage />} />
      <Route path="/new-password" element={<NewPasswordPage />} />
      <Route element={<RequireSession />}>
        <Route element={<Shell />}>
          <Route element={<ChatPage />}>
            <Route index />
            <Route path="c/:id" />
          </Route>
          <Route path="documents" element={<DocumentsPage />} />
          <Route path="documents/search" element={<SearchPage />} />
          <Route path="documents/sources" element={<SourcesPage />} />
          <Route path="agents" element={<AgentsPage />} />
          <Route path="agents/new" element={<NewAgentPage />} />
          <Route path="agents/:slug" element={<AgentPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="admin" element={<UsagePage />} />
          <Route path="admin/budgets" element={<BudgetsPage />} />
          <Route path="admin/audit" element={<AuditPage />} />
          <Route path="admin/system" element={<SystemPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Route>
    </Routes>
  )
}
