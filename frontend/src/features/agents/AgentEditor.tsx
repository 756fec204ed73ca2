import { type ComponentType, useState } from 'react'
import { Button } from '@/components/Button'
import { Notice } from '@/components/Notice'
import type { Agent, Deployment, StoredDraft } from '@/lib/api/types'
import { formatAgo } from '@/lib/format'
import { agentsTexts } from '@/lib/i18n/agents'
import { AgentForm } from './AgentForm'
import { draftOf, toDeployment } from './draft'
import { useDeploy, useDiscardDraft, useSaveDraft } from './queries'

const texts = agentsTexts

/** Talks to an agent; the page is given it, since a chat is another room. */
export interface TestChatProps {
  agent: string
  /** Called before each question; what it throws is shown, and nothing is asked. */
  beforeSend: () => Promise<unknown>
}

interface AgentEditorProps {
  agent: Agent
  /** The version that the form starts from. */
  live: Deployment | undefined
  /** What was tried and not deployed. */
  stored: StoredDraft | null
  /** The newest version seen; a newer one by somebody else is not overwritten. */
  newest: number
  TestChat: ComponentType<TestChatProps>
}

/** What an agent does, with a chat beside it that tries the form before it is deployed. */
export function AgentEditor({ agent, live, stored, newest, TestChat }: AgentEditorProps) {
  const deploy = useDeploy(agent)
  const save = useSaveDraft(agent.slug)
  const discard = useDiscardDraft(agent.slug)
  const tried = stored?.deployment as unknown as Deployment | undefined
  // Before the first version there is nothing else to show.
  const [fromDraft, setFromDraft] = useState(newest === 0)
  const [draft, setDraft] = useState(draftOf(agent, newest === 0 ? tried : live))
  const base = fromDraft ? (tried ?? live) : live

  const useStored = () => {
    setFromDraft(true)
    setDraft(draftOf(agent, tried))
  }

  return (
    <div className="grid items-start gap-10 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <section aria-labelledby="edit-agent">
        <h2 id="edit-agent" className="mb-4 font-semibold">
          {texts.edit}
        </h2>
        {stored && newest > 0 && (
          <Notice
            className="mb-4"
            action={
              <span className="flex gap-2">
                {!fromDraft && <Button onClick={useStored}>{texts.trial.useDraft}</Button>}
                <Button
                  look="plain"
                  disabled={discard.isPending}
                  onClick={() =>
                    discard.mutate(undefined, {
                      onSuccess: () => {
                        setFromDraft(false)
                        setDraft(draftOf(agent, live))
                      },
                    })
                  }
                >
                  {texts.trial.discard}
                </Button>
              </span>
            }
          >
            {fromDraft ? texts.trial.fromDraft : texts.trial.draft(formatAgo(stored.saved_at))}
          </Notice>
        )}
        <AgentForm
          draft={draft}
          onChange={setDraft}
          slug={agent.slug}
          submit={texts.form.deploy}
          busy={deploy.isPending}
          error={deploy.error}
          onSubmit={() =>
            deploy.mutate({
              text: { name: draft.name.trim(), description: draft.description.trim() },
              deployment: { ...toDeployment(draft, base), based_on: newest },
            })
          }
        />
      </section>
      <section aria-labelledby="try-agent" className="lg:sticky lg:top-6">
        <h2 id="try-agent" className="font-semibold">
          {texts.trial.title}
        </h2>
        <p className="mt-1 mb-3 text-muted text-sm">{texts.trial.intro}</p>
        <TestChat
          agent={`${agent.slug}@draft`}
          beforeSend={() => {
            setFromDraft(true)
            return save.mutateAsync(toDeployment(draft, base))
          }}
        />
      </section>
    </div>
  )
}
