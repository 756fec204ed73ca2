import type { ComponentType } from 'react'
import type { Agent, Deployment, StoredDraft } from '@/lib/api/types'
import { agentsTexts } from '@/lib/i18n/agents'
import { AgentForm } from './AgentForm'
import { DraftConflict, EditorNotices } from './EditorNotices'
import { useEditor } from './useEditor'

const texts = agentsTexts

/** Talks to an agent; the page is given it, since a chat is another room. */
export interface TestChatProps {
  agent: string
  /** Called before each question; where it is false or throws, nothing is asked. What it throws is shown. */
  beforeSend: () => Promise<boolean>
}

interface AgentEditorProps {
  agent: Agent
  /** The version that the form starts from. */
  live: Deployment | undefined
  /** What was tried and not deployed. */
  stored: StoredDraft | null
  /** The newest version there is; another one may answer. */
  latest: Deployment | undefined
  TestChat: ComponentType<TestChatProps>
}

/** What an agent does, with a chat beside it that tries the form before it is deployed. */
export function AgentEditor({ agent, live, stored, latest, TestChat }: AgentEditorProps) {
  const editor = useEditor({ agent, live, stored, newest: latest?.number ?? 0 })
  return (
    <div className="grid items-start gap-10 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <section aria-labelledby="edit-agent">
        <h2 id="edit-agent" className="mb-4 font-semibold">
          {texts.edit}
        </h2>
        <EditorNotices editor={editor} stored={stored} latest={latest} />
        <AgentForm
          draft={editor.draft}
          onChange={editor.change}
          slug={agent.slug}
          submit={texts.form.deploy}
          busy={editor.busy}
          error={editor.error}
          onSubmit={editor.deploy}
          beside={
            <span role="status" className="text-sm">
              {editor.deployed !== null && texts.form.deployed(editor.deployed)}
            </span>
          }
        />
      </section>
      <section aria-labelledby="try-agent" className="lg:sticky lg:top-6">
        <h2 id="try-agent" className="font-semibold">
          {texts.trial.title}
        </h2>
        <p className="mt-1 mb-3 text-muted text-sm">{texts.trial.intro}</p>
        <DraftConflict editor={editor} />
        <TestChat agent={`${agent.slug}@draft`} beforeSend={editor.save} />
      </section>
    </div>
  )
}
