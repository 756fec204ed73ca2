/**
 * The API's shapes under the names that the app calls them by. `schema.gen.ts` is made from the
 * OpenAPI document; only what travels inside streams is written here by hand.
 */
import type {
  Conversation,
  File as FileRow,
  Receipt,
  RunSummary,
  Source,
  StoredUIMessage,
} from './schema.gen'

export type {
  AccountReceipt,
  Agent,
  AgentDay,
  AgentStatistics,
  AgentSummary,
  ApiKey,
  AuditLine,
  Budget,
  ConversationSummary,
  DeadJob,
  Deployment,
  DeploymentRequest,
  Draft as StoredDraft,
  FeedbackLine,
  FeedbackRequest,
  FileSharing,
  FoundConversation,
  FoundPassage,
  Group,
  Invitation,
  Me,
  Member,
  MessageFeedback,
  NewApiKey,
  NewBudget,
  NewInvitation,
  NewSharedLink,
  OpenInvitation,
  PassageInPlace,
  Person,
  Readiness,
  RememberedThing,
  RunSummary,
  Session as OpenSession,
  SharedConversation,
  SharedLink,
  Sharing,
  SourceReceipt,
  SystemDetails,
  TableRows,
  TableToAsk,
  ToolOffer,
  UsageRow,
} from './schema.gen'

/** One page of a list; `next_cursor` is null on the last one. */
export interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

export type ConversationDetail = Conversation
export type StoredMessage = StoredUIMessage
export type RunState = RunSummary['state']
export type DocumentRow = FileRow
export type FileState = FileRow['state']
export type DeletionReceipt = Receipt
export type SourceRow = Source

export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail: string
}

/** The `data-citation` part of an answer. */
export interface Citation {
  n: number
  document_id: string
  title: string
  place: string | null
  passage: string
  score: number | null
  ordinal: number
  path: string | null
  uri: string | null
}
