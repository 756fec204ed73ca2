// Made from the OpenAPI document by `npm run api-types`. Do not change it by hand.

/** What the person who was invited chooses. */
export interface Acceptance {
  password: string
  display_name?: string
}

/** The account that was made; log in with it. */
export interface Accepted {
  email: string
}

/** The proof that an account is gone, and what went with it. */
export interface AccountReceipt {
  user_id: string
  email: string
  conversations: number
  messages: number
  attachments: number
  memories: number
  api_keys: number
  links: number
  /** Agents that were for this person alone. */
  agents: number
  /** Uploads that were not for everyone. */
  documents: number
  deleted_at: string
}

/** How an agent has fared in the last thirty days. */
export interface Activity {
  deployments: number
  runs: number
  finished: number
  failed: number
  running: number
  waiting: number
  people: number
  input_tokens: number
  output_tokens: number
  /** US dollars, without those tokens whose price is not known. */
  cost: number
  /** Tokens whose price is not known. */
  unpriced_tokens: number
  last_run_at: string | null
  /** Answers with a thumb up. */
  liked: number
  /** Answers with a thumb down. */
  disliked: number
}

/** An agent with all there is to know of it. */
export interface Agent {
  id: string
  slug: string
  name: string
  description: string
  starters: string[]
  status: "draft" | "deployed" | "paused"
  /** The deployment that answers, or would answer. */
  live_number: number | null
  /** Who may use it: people and groups, or 00000000-0000-0000-0000-000000000001 for everyone. */
  readers: string[]
  last_error: string | null
  last_error_at: string | null
  created_by: string | null
  created_at: string
  updated_at: string
  /** For those who may manage it. */
  activity: Activity | null
}

/** What may be changed without a deployment; what is left out stays. */
export interface AgentChange {
  name?: string | null
  description?: string | null
  readers?: string[] | null
}

/** Ask another agent. */
export interface AgentChoice {
  /** Whether the person is asked before each use. */
  approval?: boolean
  kind?: "agent"
  slug: string
  /** What to ask it for, said to the model. */
  purpose?: string
}

/** How an agent has fared on one day (UTC). */
export interface AgentDay {
  day: string
  runs: number
  failed: number
  /** Half of the answers took no longer; null: none was finished. */
  p50_seconds: number | null
  p95_seconds: number | null
  tokens: number
  /** US dollars. */
  cost: number
}

/** A run that failed. */
export interface AgentFailure {
  at: string
  deployment_number: number | null
  model: string | null
  /** The kind of problem. */
  type: string | null
  detail: string
}

/** Agents by name; ``next_cursor`` asks for those after them. */
export interface AgentList {
  items: AgentSummary[]
  next_cursor: string | null
}

/** An agent to be made. With ``deployment`` it is deployed at once, else it is a draft. */
export interface AgentRequest {
  /** The agent's short name: letters, digits and hyphens. It never changes. */
  slug: string
  name: string
  description?: string
  /** Unset: everyone if you are an admin, else yourself. */
  readers?: string[] | null
  deployment?: DeploymentRequest | null
}

/** How an agent has fared, by day, and its latest failures. */
export interface AgentStatistics {
  /** Days with runs, earliest first. */
  days: AgentDay[]
  /** Newest first, 20 at most. */
  failures: AgentFailure[]
}

/** An agent as people meet it. */
export interface AgentSummary {
  id: string
  slug: string
  name: string
  description: string
  starters: string[]
  status: "draft" | "deployed" | "paused"
}

/** A key as it is listed: enough to tell it from others, too little to use it. */
export interface ApiKey {
  id: string
  user_id: string
  email: string | null
  name: string
  /** Its first characters. */
  prefix: string
  /** The agents it is for; null: all that its owner may use. */
  agents: string[] | null
  expires_at: string | null
  /** To the minute. */
  last_used_at: string | null
  created_at: string
}

/** Keys, newest first. */
export interface ApiKeyList {
  items: ApiKey[]
  next_cursor: string | null
}

/** A key to be made. */
export interface ApiKeyRequest {
  /** What the key is for, so that it can be told from others. */
  name: string
  /** The agents it is for, by slug. Unset: all that you may use. */
  agents?: string[] | null
  /** When it stops to work. Unset: never. */
  expires_at?: string | null
}

/** What a person has decided about a call of a tool. */
export interface Approval {
  id: string
  approved?: boolean | null
  reason?: string | null
}

/** One change. */
export interface AuditLine {
  id: number
  at: string
  /** Who changed it; null: Roost itself. */
  actor_id: string | null
  actor_email: string
  action: string
  subject_kind: string
  subject_id: string
  subject_name: string
  /** What differed before, without secrets; null: it was not there. */
  before: JsonValue
  /** What differs now, without secrets; null: it is not there any more. */
  after: JsonValue
}

/** Lines, newest first. */
export interface AuditPage {
  items: AuditLine[]
  next_cursor: string | null
}

export interface Body_upload_documents_api_documents_post {
  file: string[]
  /** Who may read it. Unset: everyone when an admin uploads, else oneself. */
  visibility?: "everyone" | "private" | null
}

/** A budget with what is used of it in its present period. */
export interface Budget {
  id: string
  scope: "all" | "each_person" | "person" | "group" | "agent" | "key"
  scope_id: string | null
  /** The person's address, or the group's, agent's or key's name. */
  label: string
  period: "day" | "month" | "total"
  period_start: string
  max_tokens: number | null
  max_cost: number | null
  tokens_used: number
  /** Held for requests that are under way. */
  tokens_reserved: number
  cost_used: number
  cost_reserved: number
}

/** The budgets that one may see: an admin all, others those that bind them. */
export interface BudgetList {
  items: Budget[]
  next_cursor: string | null
}

/** The run that is being stopped, in the state it was in. */
export interface CancelledRun {
  id: string
  state: string
}

/** A question to an agent, with the history that the client keeps. */
export interface ChatCompletionRequest {
  /** The agent's slug. */
  model: string
  messages: ChatMessage[]
  stream?: boolean | null
  stream_options?: StreamOptions | null
  temperature?: number | null
  top_p?: number | null
  presence_penalty?: number | null
  frequency_penalty?: number | null
  max_tokens?: number | null
  max_completion_tokens?: number | null
  seed?: number | null
  stop?: string | string[] | null
  /** 1, or unset. */
  n?: number | null
  response_format?: Record<string, unknown> | null
}

/** A message of the history, or the question. */
export interface ChatMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool" | "function"
  content?: string | ContentPart[] | null
}

/** A turn: a question (``submit-message``), or an answer to be made anew (``regenerate-message``). */
export interface ChatRequest {
  /** The conversation's id, made by the client: 1 to 64 letters, digits, - and _. */
  id: string
  messages?: Message[]
  trigger?: "submit-message" | "regenerate-message"
  messageId?: string | null
  /** The agent's slug; `slug@draft`: its draft. Unset: the one before. */
  agent?: string | null
  /** The message to ask after; null: the conversation's beginning. Unset: the message before the question in `messages`, or what is shown now. */
  parent_id?: string | null
}

/** One part that the service needs. */
export interface Check {
  status: "ok" | "unavailable"
  detail: string
}

/** A part of a message. */
export interface ContentPart {
  type: string
  text?: string | null
}

/** A conversation with all its branches. */
export interface Conversation {
  id: string
  title: string
  agent_slug: string | null
  agent_name: string | null
  pinned: boolean
  archived: boolean
  created_at: string
  updated_at: string
  /** The last message of the branch that is shown. */
  head_id: string | null
  /** The run that is answering now, if any. */
  active_run_id: string | null
  messages: StoredUIMessage[]
}

/** What may be changed; what is left out stays. */
export interface ConversationChange {
  title?: string | null
  pinned?: boolean | null
  archived?: boolean | null
  head_id?: string | null
}

/** Some conversations, pinned ones first, then the newest; ``next_cursor`` asks for those after them. */
export interface ConversationPage {
  items: FoundConversation[]
  next_cursor: string | null
}

/** A conversation in a list. */
export interface ConversationSummary {
  id: string
  title: string
  agent_slug: string | null
  agent_name: string | null
  pinned: boolean
  archived: boolean
  created_at: string
  updated_at: string
}

/** What the database is. */
export interface DatabaseDetails {
  postgres: string
  pgvector: string | null
  /** The last one that it has; null where they are not counted. */
  migration: string | null
  /** Everything that it stores. */
  bytes: number
}

/** A job whose every try has failed. */
export interface DeadJob {
  id: string
  /** What is to be done: `title` names a conversation. */
  kind: string
  /** What it is about: for a title, the conversation. */
  subject: string
  tries: number
  last_error: string | null
  created_at: string
  died_at: string
}

/** What a person has decided about one call of a tool. Args: id: The id of the call. approved: Whether it may be done. reason: Why not, told to the model. */
export interface Decision {
  id: string
  approved: boolean
  reason?: string | null
}

/** What a person has decided about the tools that an answer waits for: each of them, in one request. */
export interface Decisions {
  approvals: Decision[]
}

/** The account to be deleted, said once more. */
export interface DeletionRequest {
  /** The account's address, so that none goes by mistake. */
  email: string
}

/** A numbered deployment. It never changes. */
export interface Deployment {
  number: number
  instructions: string
  model: string | null
  fallback_models: string[]
  model_settings: Record<string, JsonValue>
  tools: Record<string, JsonValue>[]
  knowledge: Record<string, JsonValue>
  limits: Record<string, JsonValue>
  starters: string[]
  note: string
  created_by: string | null
  created_at: string
}

/** Deployments, newest first. */
export interface DeploymentList {
  items: Deployment[]
  next_cursor: string | null
}

/** What an agent is to do from now on. It is whole: what is left out takes its default, not its former value. */
export interface DeploymentRequest {
  instructions?: string
  /** Unset: the model that the server is set to. */
  model?: string | null
  /** Asked in this order where the one before fails. */
  fallback_models?: string[]
  model_settings?: ModelSettingsRequest
  tools?: (WebSearchChoice | ReadPageChoice | MemoryChoice | PythonChoice | QueryTableChoice | McpChoice | AgentChoice)[]
  knowledge?: KnowledgeRequest
  limits?: LimitsRequest
  /** Questions to begin with. */
  starters?: string[]
  /** What is new, for whoever looks back. */
  note?: string
  /** The newest deployment that you have seen; refused where there is a newer one. */
  based_on?: number | null
}

/** What an agent's editor holds and has not deployed. */
export interface Draft {
  /** As a deployment is asked for. */
  deployment: Record<string, JsonValue>
  saved_by: string | null
  saved_at: string
}

/** How many were ended. */
export interface EndedSessions {
  ended: number
}

/** An error as OpenAI's clients read it. */
export interface ErrorAnswer {
  error: ErrorDetail
}

/** What happened. */
export interface ErrorDetail {
  /** What happened, and what to do. */
  message: string
  /** The kind of error. */
  type: string
  /** The part of the request that it is about. */
  param: string | null
  /** The kind of problem, stable across versions. */
  code: string | null
}

/** What this Roost offers. */
export interface Features {
  signUp: boolean
  /** Nobody has an account yet: whoever signs up becomes the administrator. */
  firstAccount: boolean
  /** Where people may log in instead of here: google, github, … */
  singleSignOn: string[]
  passwordRecovery: boolean
  languageModel: boolean
  uploads: boolean
  maxUploadBytes: number
}

/** Somebody's feedback, as admins read it. */
export interface FeedbackLine {
  message_id: string
  /** Who gave it. */
  email: string | null
  rating: "up" | "down"
  comment: string
  /** Where the person lets the admins read it. */
  question: string | null
  /** Likewise. */
  answer: string | null
  agent_slug: string | null
  agent_name: string | null
  deployment_number: number | null
  model: string | null
  updated_at: string
}

/** Feedback, newest first. */
export interface FeedbackPage {
  items: FeedbackLine[]
  next_cursor: string | null
}

/** What one thinks of an answer; it takes the place of what one thought before. */
export interface FeedbackRequest {
  rating: "up" | "down"
  comment?: string
  /** Let the admins read the question and the answer; else they see the comment alone. */
  include_text?: boolean
}

/** A file as the ledger has it, with its document where there is one. */
export interface File {
  /** The document's id; null where the file has not become a document. */
  id: string | null
  source_id: string
  source_name: string
  source_kind: "local" | "google_drive" | "upload"
  /** The file's name in its source. */
  external_id: string
  title: string
  path: string
  uri: string | null
  mime_type: string
  size_bytes: number | null
  state: "pending" | "ready" | "failed" | "dead" | "ignored" | "unsupported" | "deleted"
  /** Why the file is not (or not wholly) searchable: a code. */
  reason: string | null
  tries: number
  last_error: string | null
  next_try_at: string | null
  version: number | null
  chunks: number | null
  language: string | null
  visibility: "source" | "everyone" | "restricted"
  owner_id: string | null
  modified_at: string | null
  processed_at: string | null
  first_seen_at: string
  updated_at: string
  /** The reason in words, with what to do about it. */
  reason_text: string | null
}

/** Names one file of one source. */
export interface FileName {
  source_id: string
  external_id: string
}

/** Files, those changed last first. */
export interface FilePage {
  items: File[]
  next_cursor: string | null
}

/** Who may read one file. */
export interface FileSharing {
  source_id: string
  external_id: string
  visibility: "source" | "everyone" | "restricted"
  grants?: GrantTo[]
}

/** A conversation in a list, with what was said in it of what was looked for. */
export interface FoundConversation {
  id: string
  title: string
  agent_slug: string | null
  agent_name: string | null
  pinned: boolean
  archived: boolean
  created_at: string
  updated_at: string
  /** Where the words were said, if not in the title alone. */
  excerpt: string | null
}

/** A passage that a search found. */
export interface FoundPassage {
  chunk_id: number
  document_id: string
  title: string
  path: string
  uri: string | null
  ordinal: number
  text: string
  heading: string[]
  place: Record<string, unknown>
  place_label: string
  /** Comparable within one answer only. */
  score: number
  /** Rank by meaning, from 1. */
  vector_rank: number | null
  /** Rank by words, from 1. */
  text_rank: number | null
}

/** Passages, best first. */
export interface FoundPassages {
  items: FoundPassage[]
}

/** What was kept. */
export interface GivenFeedback {
  rating: "up" | "down"
  comment: string
  include_text: boolean
}

/** One who may read a file: a person by e-mail address, a group by name, or everyone of a domain. */
export interface GrantTo {
  kind: "user" | "group" | "domain"
  name: string
}

/** A group. */
export interface Group {
  id: string
  name: string
  created_at: string
  /** How many are in it, as far as one may see them. */
  members: number
}

/** Groups by name: an admin sees all, others their own. */
export interface GroupList {
  items: Group[]
  next_cursor: string | null
}

/** A group that a person is in. */
export interface GroupOfPerson {
  id: string
  name: string
}

/** A group to be made, or the name that it gets. */
export interface GroupRequest {
  name: string
}

/** The process answers. */
export interface Health {
  status: "ok"
}

/** An invitation as it is listed. */
export interface Invitation {
  id: string
  email: string
  role: "admin" | "member"
  group_ids: string[]
  created_at: string
  expires_at: string
  accepted_at: string | null
}

/** Invitations, newest first. */
export interface InvitationList {
  items: Invitation[]
  next_cursor: string | null
}

/** Whom to let in, and as what. */
export interface InvitationRequest {
  email: string
  role?: "admin" | "member"
  group_ids?: string[]
  /** Unset: in seven days. */
  expires_at?: string | null
}

export type JsonValue = unknown

/** How the agent uses the documents. */
export interface KnowledgeRequest {
  mode?: "always" | "tool" | "off"
  /** Passages looked up at a time. */
  limit?: number
  /** Only these sources; none named: all of them. */
  source_ids?: string[]
}

/** How the pipeline fared with a source. */
export interface LastRun {
  finished_at: string | null
  /** End of the last run that came through. */
  checked_at: string | null
  running: boolean
  error: string | null
  files_processed: number
  files_failed: number
  files_deleted: number
}

/** Bounds of one run. */
export interface LimitsRequest {
  /** Requests to models. */
  requests?: number | null
  /** Calls of tools. */
  tool_calls?: number | null
  /** Tokens, in and out together. */
  total_tokens?: number | null
  /** US dollars, where the model's price is known. */
  cost?: number | null
}

/** A link to be made. */
export interface LinkRequest {
  /** When it stops to work. Unset: when taken back. */
  expires_at?: string | null
}

/** The tools of an MCP server: one that is set up by name (MCP_SERVERS), or, as an admin, one by its address. */
export interface McpChoice {
  /** Whether the person is asked before each use. */
  approval?: boolean
  kind?: "mcp"
  server?: string | null
  url?: string | null
  /** Only these of its tools; none named: all of them. */
  tools?: string[]
}

/** The person who is logged in. */
export interface Me {
  user_id: string
  email: string
  display_name: string
  role: "admin" | "member"
  status: "active" | "suspended"
}

/** Somebody in a group. */
export interface Member {
  user_id: string
  email: string
  display_name: string
}

/** Who comes into a group and who goes. */
export interface MemberChange {
  add?: string[]
  remove?: string[]
}

/** The people in a group, by address. */
export interface MemberList {
  items: Member[]
  next_cursor: string | null
}

/** Remember things about the person from one conversation to the next. */
export interface MemoryChoice {
  /** Whether the person is asked before each use. */
  approval?: boolean
  kind?: "memory"
}

/** What is remembered, newest first. There are 500 at most. */
export interface MemoryList {
  items: RememberedThing[]
  next_cursor: string | null
}

/** A UI message. Only the last one is taken; what came before is in the database. */
export interface Message {
  id: string
  role: "system" | "user" | "assistant"
  parts: Part[]
}

/** What the reader thought of an answer. */
export interface MessageFeedback {
  rating: "up" | "down"
  comment: string
  /** Whether admins may read the question and the answer. */
  include_text: boolean
}

/** An agent as OpenAI's clients list it. */
export interface Model {
  id: string
  object: "model"
  created: number
  owned_by: string
  name: string
  description: string
}

/** The agents that answer to a key. */
export interface ModelList {
  object: "list"
  data: Model[]
}

/** Settings of the model, the same for every provider; a provider leaves out what it does not know. */
export interface ModelSettingsRequest {
  temperature?: number | null
  top_p?: number | null
  max_tokens?: number | null
  thinking?: boolean | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | null
  /** Seconds for one request. */
  timeout?: number | null
  parallel_tool_calls?: boolean | null
  seed?: number | null
  presence_penalty?: number | null
  frequency_penalty?: number | null
  stop_sequences?: string[] | null
}

/** What one may change of oneself. */
export interface MyChange {
  display_name: string
}

/** A key that was just made, with the key itself. */
export interface NewApiKey {
  id: string
  user_id: string
  email: string | null
  name: string
  /** Its first characters. */
  prefix: string
  /** The agents it is for; null: all that its owner may use. */
  agents: string[] | null
  expires_at: string | null
  /** To the minute. */
  last_used_at: string | null
  created_at: string
  /** Shown this once. Send it as `Authorization: Bearer <key>`. */
  key: string
}

/** A budget: at least one of tokens and money. */
export interface NewBudget {
  /** Whose spending it bounds; `each_person`: every person by themselves. */
  scope: "all" | "each_person" | "person" | "group" | "agent" | "key"
  /** Which person, group, agent or key; else unset. */
  scope_id?: string | null
  period?: "day" | "month" | "total"
  max_tokens?: number | null
  /** US dollars. */
  max_cost?: number | null
}

/** An invitation that was just made. */
export interface NewInvitation {
  id: string
  email: string
  role: "admin" | "member"
  group_ids: string[]
  created_at: string
  expires_at: string
  accepted_at: string | null
  /** Shown this once. The page is at `/invitation/{token}`. */
  token: string
}

/** A link that was just made. */
export interface NewSharedLink {
  id: string
  user_id: string
  /** Whose it is. */
  email: string | null
  conversation_id: string
  title: string
  expires_at: string | null
  views: number
  last_viewed_at: string | null
  created_at: string
  /** Shown this once. The page is at `/s/{token}`. */
  token: string
}

/** What whoever holds the link is told. */
export interface OpenInvitation {
  email: string
  invited_by: string | null
  expires_at: string
}

/** A part of a UI message: text and files make a question, decisions about tools let an answer go on. */
export interface Part {
  type: string
  text?: string | null
  mediaType?: string | null
  filename?: string | null
  url?: string | null
  state?: string | null
  approval?: Approval | null
}

/** A passage of a document, where it stands. */
export interface PassageInPlace {
  ordinal: number
  text: string
  heading: string[]
  place: Record<string, unknown>
  /** Where it stands, for a person. */
  place_label: string
}

/** Neighbouring passages in order. */
export interface PassagesInPlace {
  items: PassageInPlace[]
}

/** A person, as admins see them. */
export interface Person {
  user_id: string
  email: string
  display_name: string
  role: "admin" | "member"
  status: "active" | "suspended"
  created_at: string
  groups: GroupOfPerson[]
  /** When they last asked something. */
  last_run_at: string | null
}

/** What an admin may change of a person; what is left out stays. */
export interface PersonChange {
  role?: "admin" | "member" | null
  /** `suspended`: they cannot log in, ask or read any more. */
  status?: "active" | "suspended" | null
}

/** People by address. */
export interface PersonPage {
  items: Person[]
  next_cursor: string | null
}

/** Where the web app finds what it needs, and what it may offer. */
export interface PublicConfiguration {
  supabaseUrl: string
  supabaseKey: string
  version: string
  features: Features
}

/** Compute with Python in a sandbox without files, network or packages. */
export interface PythonChoice {
  /** Whether the person is asked before each use. */
  approval?: boolean
  kind?: "python"
}

/** Answer from the tables of spreadsheets and CSV files by SQL. */
export interface QueryTableChoice {
  /** Whether the person is asked before each use. */
  approval?: boolean
  kind?: "query_table"
}

/** Read a page of the web. */
export interface ReadPageChoice {
  /** Whether the person is asked before each use. */
  approval?: boolean
  kind?: "read_page"
  /** Only pages of these hosts; none named: any public host. */
  domains?: string[]
}

/** Each part by name. */
export interface Readiness {
  status: "ok" | "unavailable"
  checks: Record<string, Check>
}

/** The proof that a document is gone. */
export interface Receipt {
  document_id: string
  title: string
  chunks_deleted: number
  versions_deleted: number
  deleted_at: string
}

/** One thing that agents remember of oneself. */
export interface RememberedThing {
  id: string
  text: string
  /** The agent that wrote it down. */
  agent_name: string | null
  created_at: string
  /** When an agent last recalled it. */
  recalled_at: string | null
}

/** The run that goes on, or what has become of it where that was decided before. */
export interface ResumedRun {
  id: string
  state: string
  conversation_id: string | null
}

/** The deployment to go back (or forth) to. */
export interface Rollback {
  number: number
}

/** How an answer came about. */
export interface RunSummary {
  id: string
  state: "queued" | "running" | "waiting" | "finished" | "failed" | "cancelled" | "interrupted"
  /** A problem document, where the run did not finish. */
  error: Record<string, JsonValue> | null
  model: string | null
  /** Null where the agent is gone, or not open to the reader. */
  agent_name: string | null
  /** 0: a draft. */
  deployment_number: number | null
  input_tokens: number
  output_tokens: number
  /** US dollars, without those tokens whose price is not known. */
  cost: number
  /** Tokens whose price is not known. */
  unpriced_tokens: number
  created_at: string
  finished_at: string | null
}

/** A browser that is logged in. */
export interface Session {
  id: string
  created_at: string
  /** When it last asked for a new access token. */
  used_at: string
  /** What the browser calls itself; empty where Supabase does not keep it. */
  user_agent: string
  /** Where it was; empty where Supabase does not keep it. */
  address: string
  /** Whether this request comes from it. */
  current: boolean
}

/** Sessions, newest first. */
export interface SessionList {
  items: Session[]
  next_cursor: string | null
}

/** What a link shows: what had been said when it was made. */
export interface SharedConversation {
  title: string
  agent_name: string | null
  /** When the link was made. */
  created_at: string
  messages: SharedMessage[]
}

/** A link as it is listed: enough to take it back, too little to open it. */
export interface SharedLink {
  id: string
  user_id: string
  /** Whose it is. */
  email: string | null
  conversation_id: string
  title: string
  expires_at: string | null
  views: number
  last_viewed_at: string | null
  created_at: string
}

/** Links, newest first. */
export interface SharedLinkPage {
  items: SharedLink[]
  next_cursor: string | null
}

/** A question or an answer. */
export interface SharedMessage {
  role: "user" | "assistant"
  text: string
  sources: SharedSource[]
  created_at: string
}

/** A source of an answer by its name. Its passage is not shown: readers of the link may have no right to it. */
export interface SharedSource {
  n: number
  title: string
  place: string | null
}

/** Who may read a source. */
export interface Sharing {
  visibility: "everyone" | "restricted"
  /** Persons and groups, where restricted. */
  principal_ids?: string[]
}

/** A place that documents come from. */
export interface Source {
  id: string
  kind: "local" | "google_drive" | "upload"
  name: string
  visibility: "everyone" | "restricted"
  last_run: LastRun | null
  sync_requested_at: string | null
  /** When a pipeline that runs all the time looks at it next; null: when its schedule starts it. A time that is well over means that this pipeline does not run any more. */
  next_run_at: string | null
  /** Seconds between two runs of a pipeline that runs all the time. */
  check_interval: number | null
  /** Number of files by state. */
  files: Record<string, number>
}

/** Sources by name. */
export interface SourcePage {
  items: Source[]
  next_cursor: string | null
}

/** The proof that a source is gone with all it brought. */
export interface SourceReceipt {
  source_id: string
  name: string
  documents_deleted: number
  chunks_deleted: number
  deleted_at: string
}

/** A message with its place in the tree of branches. */
export interface StoredUIMessage {
  id: string
  parent_id: string | null
  role: "user" | "assistant"
  /** Parts of an AI SDK UI message. */
  parts: Record<string, JsonValue>[]
  created_at: string
  run: RunSummary | null
  feedback: MessageFeedback | null
}

/** What a stream holds beside the answer. */
export interface StreamOptions {
  include_usage?: boolean | null
}

/** Versions, and what answers. */
export interface SystemDetails {
  python: string
  database: DatabaseDetails
  /** The one that agents without their own use; null: none, passages are quoted. */
  model: string | null
  embedding_model: string
}

/** A question in SQL. */
export interface TableQuestion {
  /** One SELECT, as DuckDB takes it. */
  sql: string
}

/** What a statement gave. */
export interface TableRows {
  columns: string[]
  rows: unknown[][]
  /** There were more rows than are handed over. */
  truncated: boolean
}

/** A table of a document that can be asked in SQL. */
export interface TableToAsk {
  document_id: string
  ordinal: number
  title: string
  path: string
  /** What the table is called in a statement. */
  name: string
  /** The sheet's name; empty for a file that is one table. */
  label: string
  columns: string[]
  row_count: number
}

/** Tables, those that fit best first. */
export interface TablesToAsk {
  items: TableToAsk[]
}

/** A kind of tool that a deployment may choose. */
export interface ToolOffer {
  kind: string
  description: string
  available: boolean
  /** Why it cannot be chosen now, and what an admin can do about it. */
  reason: string | null
  /** MCP servers that are set up here, by name. */
  servers: string[]
}

/** The kinds of tools that there are. */
export interface ToolOffers {
  items: ToolOffer[]
  next_cursor: string | null
}

/** What was taken in by one upload; the pipeline reads it next. */
export interface Uploaded {
  items: File[]
}

/** What was used in a time. */
export interface Usage {
  items: UsageRow[]
  next_cursor: string | null
}

/** What was used of one day, person, agent, model or door. */
export interface UsageRow {
  key: string | null
  label: string
  runs: number
  failed: number
  input_tokens: number
  output_tokens: number
  /** US dollars, without those tokens whose price is not known. */
  cost: number
  /** Tokens whose price is not known. */
  unpriced_tokens: number
}

/** Search the web with the provider that this Roost is set to. */
export interface WebSearchChoice {
  /** Whether the person is asked before each use. */
  approval?: boolean
  kind?: "web_search"
  /** Results of a search. */
  results?: number
}
