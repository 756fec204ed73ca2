import { generateId } from 'ai'
import { useRef, useState } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { ErrorNotice } from '@/components/Notice'
import { PassageReader } from '@/components/PassageReader'
import type { Citation } from '@/lib/api/types'
import { agentsTexts } from '@/lib/i18n/agents'
import { Composer } from './Composer'
import { Thread } from './Thread'
import { useConversation } from './useConversation'

interface TestChatProps {
  agent: string
  beforeSend: () => Promise<boolean>
}

/** A conversation with an agent that is not deployed: small, beside its editor, and in no list. */
export function TestChat({ agent, beforeSend }: TestChatProps) {
  const [id, setId] = useState(generateId)
  return (
    <>
      <OneTrial key={id} id={id} agent={agent} beforeSend={beforeSend} />
      <div className="mt-2 flex justify-end">
        <Button look="plain" onClick={() => setId(generateId())}>
          {agentsTexts.trial.again}
        </Button>
      </div>
    </>
  )
}

const NO_CHOICE = { agents: [], agent: undefined, slug: undefined, choose: () => undefined }

function OneTrial({ id, agent, beforeSend }: TestChatProps & { id: string }) {
  const conversation = useConversation({ id, stored: false, agent: useRef(agent), trial: true })
  const [failure, setFailure] = useState<unknown>(null)
  const [citation, setCitation] = useState<Citation | null>(null)

  const onSend: Parameters<typeof Composer>[0]['onSend'] = async (text, files) => {
    setFailure(null)
    try {
      if (!(await beforeSend())) return false
    } catch (error) {
      setFailure(error)
      return false
    }
    void conversation.send(text, files)
    return true
  }

  return (
    <div className="flex h-128 max-h-[max(20rem,calc(100dvh-15rem))] flex-col rounded-2xl border border-line bg-paper">
      {conversation.messages.length > 0 ? (
        <Thread conversation={conversation} onOpenCitation={setCitation} />
      ) : (
        <p className="m-auto px-4 text-center text-muted text-sm">{agentsTexts.trial.empty}</p>
      )}
      {failure != null && <ErrorNotice error={failure} className="mx-3 mb-3" />}
      <Composer
        id={`trial-${agent}`}
        busy={conversation.busy}
        onSend={onSend}
        onStop={() => void conversation.stop()}
        choice={NO_CHOICE}
        autoFocus={false}
      />
      {citation && (
        <Dialog title={citation.title} shape="wide" onClose={() => setCitation(null)}>
          <PassageReader
            documentId={citation.document_id}
            ordinal={citation.ordinal}
            quoted={citation.passage}
          />
        </Dialog>
      )}
    </div>
  )
}
