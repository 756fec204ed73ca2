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
const AgentStatusPage = lazy(() =>
  import('@/features/agents/AgentStatusPage').then((m) => ({ default: m.AgentStatusPage })),
)
const TestChat = lazy(() => import('@/features/chat/TestChat').then((m) => ({ default: m.TestChat })))
const SettingsPage = lazy(() =>
  import('@/features/settings/SettingsPage').then((m) => ({ default: m.SettingsPage })),
)
const UsagePage = lazy(() => import('@/features/admin/UsagePage').then((m) => ({ default: m.UsagePage })))
const BudgetsPage = lazy(() =>
  import('@/features/admin/BudgetsPage').then((m) => ({ default: m.BudgetsPage })),
)
const AuditPage = lazy(() => import('@/features/admin/AuditPage').then((m) => ({ default: m.AuditPage })))
const SystemPage = lazy(() => import('@/features/admin/SystemPage').then((m) => ({ default: m.SystemPage })))
const PeoplePage = lazy(() => import('@/features/admin/PeoplePage').then((m) => ({ default: m.PeoplePage })))
const GroupsPage = lazy(() => import('@/features/admin/GroupsPage').then((m) => ({ default: m.GroupsPage })))
const FeedbackPage = lazy(() =>
  import('@/features/admin/FeedbackPage').then((m) => ({ default: m.FeedbackPage })),
)
const LinksPage = lazy(() => import('@/features/admin/LinksPage').then((m) => ({ default: m.LinksPage })))
const TablesPage = lazy(() =>
  import('@/features/knowledge/TablesPage').then((m) => ({ default: m.TablesPage })),
)
const SharedPage = lazy(() =>
  import('@/features/sharing/SharedPage').then((m) => ({ default: m.SharedPage })),
)
const InvitationPage = lazy(() =>
  import('@/features/auth/InvitationPage').then((m) => ({ default: m.InvitationPage })),
)
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
      <Route path="/invitation/:token" element={<InvitationPage />} />
      <Route path="/s/:token" element={<SharedPage />} />
      <Route element={<RequireSession />}>
        <Route element={<Shell />}>
          <Route element={<ChatPage />}>
            <Route index />
            <Route path="c/:id" />
          </Route>
          <Route path="documents" element={<DocumentsPage />} />
          <Route path="documents/search" element={<SearchPage />} />
          <Route path="documents/sources" element={<SourcesPage />} />
          <Route path="documents/tables" element={<TablesPage />} />
          <Route path="agents" element={<AgentsPage />} />
          <Route path="agents/new" element={<NewAgentPage />} />
          <Route path="agents/:slug" element={<AgentPage TestChat={TestChat} />} />
          <Route path="agents/:slug/status" element={<AgentStatusPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="admin" element={<UsagePage />} />
          <Route path="admin/people" element={<PeoplePage />} />
          <Route path="admin/groups" element={<GroupsPage />} />
          <Route path="admin/feedback" element={<FeedbackPage />} />
          <Route path="admin/links" element={<LinksPage />} />
          <Route path="admin/budgets" element={<BudgetsPage />} />
          <Route path="admin/audit" element={<AuditPage />} />
          <Route path="admin/system" element={<SystemPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Route>
    </Routes>
  )
}
