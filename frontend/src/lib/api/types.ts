/** One page of a list; `next_cursor` is null on the last one. */
export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export interface Me {
  user_id: string
  email: string
  display_name: string | null
  role: 'admin' | 'member'
  status: 'active' | 'suspended'
}

export interface AgentSummary {
  id: string
  slug: string
  name: string
  description: string
  starters: string[]
  status: string
}

export interface ConversationSummary {
  id: string
  /** Empty until the first question gives it one. */
  title: string
  agent_slug: string | null
  agent_name: string | null
  created_at: string
  updated_at: string
  pinned: boolean
  archived: boolean
}

export type RunState = 'queued' | 'running' | 'waiting' | 'finished' | 'failed' | 'cancelled' | 'interrupted'

export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail: string
}

/** How an answer came about. */
export interface RunSummary {
  id: string
  state: RunState
  error: ProblemDocument | null
  model: string | null
  input_tokens: number
  output_tokens: number
  /** US dollars; 0 where the price is not known. */
  cost: number
  created_at: string
  finished_at: string | null
}

export interface StoredMessage {
  id: string
  parent_id: string | null
  role: 'user' | 'assistant'
  /** Parts of an AI SDK UI message. */
  parts: unknown[]
  created_at: string
  run: RunSummary | null
}

/** A conversation with all its branches. */
export interface ConversationDetail extends ConversationSummary {
  head_id: string | null
  active_run_id: string | null
  messages: StoredMessage[]
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

export interface PassageInDocument {
  ordinal: number
  text: string
  heading: string[]
  place_label: string | null
}

export type FileState = 'pending' | 'ready' | 'failed' | 'dead' | 'ignored' | 'unsupported' | 'deleted'

/** One row of the ledger of files. `id` is the document's, null until it was read once. */
export interface DocumentRow {
  id: string | null
  source_id: string
  source_name: string
  external_id: string
  title: string
  path: string | null
  mime_type: string | null
  size_bytes: number | null
  state: FileState
  reason: string | null
  reason_text: string | null
  tries: number
  last_error: string | null
  version: number | null
  chunks: number | null
  modified_at: string | null
  processed_at: string | null
  uri: string | null
}

export interface DeletionReceipt {
  document_id: string
  title: string
  chunks_deleted: number
  versions_deleted: number
  deleted_at: string
}

export interface SourceRow {
  id: string
  kind: 'local' | 'google_drive' | 'upload'
  name: string
  visibility: 'everyone' | 'restricted'
  last_run: Record<string, unknown> | null
  files: Partial<Record<FileState, number>>
}

export interface FoundPassage {
  chunk_id: number
  document_id: string
  title: string
  path: string | null
  uri: string | null
  ordinal: number
  text: string
  heading: string[]
  place_label: string | null
  score: number
  vector_rank: number | null
  text_rank: number | null
}
