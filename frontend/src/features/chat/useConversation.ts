import { useChat } from '@ai-sdk/react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FileUIPart, generateId, lastAssistantMessageIsCompleteWithApprovalResponses } from 'ai'
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { asProblem, Problem } from '@/lib/api/problem'
import type { ConversationDetail, FeedbackRequest, MessageFeedback } from '@/lib/api/types'
import { isReachable } from '@/lib/part'
import { useApi } from '@/lib/services'
import { type ChatMessage, fromStored } from './message'
import { ChatTransport } from './transport'
import { childrenByParent, newestLeaf, pathTo } from './tree'
import { forgetUnsent, keepUnsent } from './useDraft'

/** How often the screen follows the stream, in milliseconds. */
const REDRAW_MS = 50
/** Pauses before each try to pick a lost stream up again, in seconds. */
const RECONNECT_AFTER = [0.5, 1, 2, 4, 8, 15, 30]

interface Options {
  id: string
  /** False for a conversation that the server does not know yet. */
  stored: boolean
  /** Who is to answer the next question; undefined leaves it to the server. */
  agent: RefObject<string | undefined>
  /** A conversation that is in no list, and is not come back to. */
  trial?: boolean
}

/**
 * One conversation: what is stored of it, and the answer that is being streamed.
 *
 * At rest the stored conversation is the truth and is shown; while an answer runs, the stream is.
 */
export function useConversation({ id, stored, agent, trial = false }: Options) {
  const api = useApi()
  const queries = useQueryClient()
  const key = useMemo(() => ['conversation', id], [id])
  const [exists, setExists] = useState(stored)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [reconnecting, setReconnecting] = useState(false)
  const stopping = useRef(false)

  const detail = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      api.get<ConversationDetail>(`/api/conversations/${encodeURIComponent(id)}`, {}, signal),
    enabled: exists,
    staleTime: 5_000,
  })

  const chat = useChat<ChatMessage>({
    id,
    transport: useMemo(() => new ChatTransport(api, () => forgetUnsent(id)), [api, id]),
    generateId,
    throttle: REDRAW_MS,
    // The answer goes on once each tool that waits for the person has been decided on.
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
    onData: (part) => {
      if (part.type === 'data-problem') setProblem(new Problem(part.data))
      if (part.type === 'data-title') void queries.invalidateQueries({ queryKey: ['conversations'] })
    },
    onFinish: ({ isDisconnect }) => void (isDisconnect && !stopping.current ? pickUpAgain() : settle()),
  })
  const { setMessages, resumeStream, status } = chat
  const busy = status === 'submitted' || status === 'streaming' || reconnecting

  /** Reads what the server kept of the turn that has ended, with its run. */
  async function settle() {
    stopping.current = false
    setReconnecting(false)
    setExists(true)
    await Promise.all([
      queries.invalidateQueries({ queryKey: key }),
      queries.invalidateQueries({ queryKey: ['conversations'] }),
    ])
  }

  /** The connection broke, the answer goes on without us: ask for it until it is there or has ended. */
  async function pickUpAgain() {
    setReconnecting(true)
    for (const seconds of RECONNECT_AFTER) {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
      if (await isReachable()) break
    }
    await resumeStream()
    await settle()
    const kept = queries.getQueryData<ConversationDetail>(key)?.messages ?? []
    const question = chat.messages.findLast((message) => message.role === 'user')
    // It never arrived: say so, and leave it on the screen to be sent again.
    if (question && kept.some((message) => message.id === question.id)) forgetUnsent(id)
    else if (question) setProblem(asProblem(new TypeError()))
  }

  // What is stored is shown whenever nothing is streamed.
  const data = detail.data
  const shown = useRef<ConversationDetail | null>(null)
  useEffect(() => {
    if (!data || busy || shown.current === data) return
    shown.current = data
    setMessages(pathTo(data.messages, data.head_id).map(fromStored))
    if (data.active_run_id) void resumeStream()
  }, [data, busy, setMessages, resumeStream])

  const send = useCallback(
    (text: string, files: FileUIPart[] = []) => {
      setProblem(null)
      chat.clearError()
      if (!trial) keepUnsent(id, text)
      return chat.sendMessage({ text, files }, { body: { agent: agent.current } })
    },
    [chat, agent, id, trial],
  )

  /** Asks again in other words, as a new branch beside the old question. */
  const edit = useCallback(
    (messageId: string, text: string) => {
      setMessages((messages) =>
        messages.slice(
          0,
          messages.findIndex((message) => message.id === messageId),
        ),
      )
      return send(text)
    },
    [send, setMessages],
  )

  const regenerate = useCallback(
    (messageId?: string) => {
      setProblem(null)
      chat.clearError()
      return chat.regenerate({ ...(messageId && { messageId }), body: { agent: agent.current } })
    },
    [chat, agent],
  )

  /** Tries the last question once more: sent again where the server has not got it, answered again where it has. */
  const retry = () => {
    const last = chat.messages.at(-1)
    if (!last) return
    const isKept = data?.messages.some((message) => message.id === last.id)
    if (last.role === 'assistant' || isKept) return regenerate(last.id)
    setMessages((messages) => messages.slice(0, -1))
    setProblem(null)
    chat.clearError()
    return chat.sendMessage(last, { body: { agent: agent.current } })
  }

  const stop = async () => {
    stopping.current = true
    const runId = chat.messages.at(-1)?.metadata?.run_id ?? (await activeRun())
    if (runId) await api.post(`/api/runs/${runId}/cancel`).catch((error) => setProblem(asProblem(error)))
    await chat.stop()
    await settle()
  }

  const activeRun = async () => {
    const path = `/api/conversations/${encodeURIComponent(id)}`
    const now = await api.get<ConversationDetail>(path).catch(() => null)
    return now?.active_run_id ?? null
  }

  const children = useMemo(() => childrenByParent(data?.messages ?? []), [data])

  /** Shows another branch, and keeps it as the one to show next time. */
  const showBranch = async (messageId: string) => {
    // What is being read now has the newest messages, and must not come after the choice.
    const reading = queries.getQueryState(key)?.fetchStatus === 'fetching'
    const known = reading ? (await detail.refetch({ cancelRefetch: false })).data : data
    if (!known) return
    const head = newestLeaf(known.messages, messageId)
    queries.setQueryData<ConversationDetail>(key, { ...known, head_id: head })
    api
      .patch(`/api/conversations/${encodeURIComponent(id)}`, { head_id: head })
      .catch((error) => setProblem(asProblem(error)))
  }

  /** Keeps what the person thinks of an answer; null takes it back. */
  const rate = async (messageId: string, feedback: FeedbackRequest | null) => {
    const path = `/api/conversations/${encodeURIComponent(id)}/messages/${encodeURIComponent(messageId)}/feedback`
    const kept = feedback
      ? await api.put<MessageFeedback>(path, feedback)
      : await api.delete<void>(path).then(() => null)
    queries.setQueryData<ConversationDetail>(
      key,
      (known) =>
        known && {
          ...known,
          messages: known.messages.map((each) =>
            each.id === messageId ? { ...each, feedback: kept } : each,
          ),
        },
    )
  }

  return {
    detail,
    messages: chat.messages,
    status,
    busy,
    reconnecting,
    problem: problem ?? (chat.error && !reconnecting ? asProblem(chat.error) : null),
    siblings: (parentId: string | null) => children.get(parentId) ?? [],
    run: useCallback(
      (messageId: string) => data?.messages.find((message) => message.id === messageId)?.run ?? null,
      [data],
    ),
    feedback: useCallback(
      (messageId: string) => data?.messages.find((message) => message.id === messageId)?.feedback ?? null,
      [data],
    ),
    rate,
    send,
    edit,
    regenerate,
    retry,
    stop,
    showBranch,
    decide: chat.addToolApprovalResponse,
  }
}

export type ConversationState = ReturnType<typeof useConversation>
