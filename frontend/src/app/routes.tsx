import { Route, Routes } from 'react-router'
import { part } from '@/lib/part'
import { NotFoundPage } from './NotFoundPage'
import { RequireSession } from './RequireSession'
import { Shell } from './Shell'

/** Each page is a file of its own that is fetched when it is first opened. */
const ChatPage = part(() => import('@/features/chat/ChatPage').then((m) => m.ChatPage))
const DocumentsPage = part(() => import('@/features/knowledge/DocumentsPage').then((m) => m.DocumentsPage))
const SearchPage = part(() => import('@/features/knowledge/SearchPage').then((m) => m.SearchPage))
const SourcesPage = part(() => import('@/features/knowledge/SourcesPage').then((m) => m.SourcesPage))
const AgentsPage = part(() => import('@/features/agents/AgentsPage').then((m) => m.AgentsPage))
const NewAgentPage = part(() => import('@/features/agents/NewAgentPage').then((m) => m.NewAgentPage))
const AgentPage = part(() => import('@/features/agents/AgentPage').then((m) => m.AgentPage))
const AgentStatusPage = part(() => import('@/features/agents/AgentStatusPage').then((m) => m.AgentStatusPage))
const TestChat = part(() => import('@/features/chat/TestChat').then((m) => m.TestChat))
const SettingsPage = part(() => import('@/features/settings/SettingsPage').then((m) => m.SettingsPage))
const UsagePage = part(() => import('@/features/admin/UsagePage').then((m) => m.UsagePage))
const BudgetsPage = part(() => import('@/features/admin/BudgetsPage').then((m) => m.BudgetsPage))
const AuditPage = part(() => import('@/features/admin/AuditPage').then((m) => m.AuditPage))
const SystemPage = part(() => import('@/features/admin/SystemPage').then((m) => m.SystemPage))
const PeoplePage = part(() => import('@/features/admin/PeoplePage').then((m) => m.PeoplePage))
const GroupsPage = part(() => import('@/features/admin/GroupsPage').then((m) => m.GroupsPage))
const FeedbackPage = part(() => import('@/features/admin/FeedbackPage').then((m) => m.FeedbackPage))
const LinksPage = part(() => import('@/features/admin/LinksPage').then((m) => m.LinksPage))
const TablesPage = part(() => import('@/features/knowledge/TablesPage').then((m) => m.TablesPage))
const SharedPage = part(() => import('@/features/sharing/SharedPage').then((m) => m.SharedPage))
const InvitationPage = part(() => import('@/features/auth/InvitationPage').then((m) => m.InvitationPage))
const LogInPage = part(() => import('@/features/auth/LogInPage').then((m) => m.LogInPage))
const SignUpPage = part(() => import('@/features/auth/SignUpPage').then((m) => m.SignUpPage))
const RecoverPage = part(() => import('@/features/auth/RecoverPage').then((m) => m.RecoverPage))
const NewPasswordPage = part(() => import('@/features/auth/NewPasswordPage').then((m) => m.NewPasswordPage))

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
