import { generateId } from 'ai'
import { useMemo } from 'react'
import { useLocation, useParams } from 'react-router'
import { Chat } from './Chat'

/**
 * A new chat at `/`, a stored one at `/c/:id`. The page stays mounted when the first question gives
 * a new chat its address, so that the answer streams on.
 */
export function ChatPage() {
  const { id: routeId } = useParams()
  const { key } = useLocation()
  // Each visit of `/` starts a conversation of its own.
  const draftId = useMemo(() => generateId(), [routeId === undefined ? key : null])
  const id = routeId ?? draftId
  return <Chat key={id} id={id} stored={routeId !== undefined} />
}
