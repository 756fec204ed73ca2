import { useState } from 'react'
import { useNavigate } from 'react-router'
import { Button } from '@/components/Button'
import { PageFrame } from '@/components/PageFrame'
import { agentsTexts } from '@/lib/i18n/agents'
import { AgentForm } from './AgentForm'
import { EMPTY_DRAFT, slugOf, toDeployment } from './draft'
import { useCreateAgent, useCreateDraft } from './queries'

/** A new agent: deployed at once, or kept as a draft that is tried first. */
export function NewAgentPage() {
  const create = useCreateAgent()
  const createDraft = useCreateDraft()
  const navigate = useNavigate()
  const [draft, setDraft] = useState({ ...EMPTY_DRAFT, instructions: agentsTexts.form.instructionsStart })
  const agent = () => ({
    slug: slugOf(draft.name) || 'agent',
    name: draft.name.trim(),
    description: draft.description.trim(),
    deployment: toDeployment(draft, undefined),
  })
  const open = { onSuccess: (made: { slug: string }) => navigate(`/agents/${made.slug}`) }
  const busy = create.isPending || createDraft.isPending

  return (
    <PageFrame title={agentsTexts.create} intro={agentsTexts.createIntro}>
      <div className="max-w-2xl">
        <AgentForm
          draft={draft}
          onChange={setDraft}
          submit={agentsTexts.form.createAndDeploy}
          busy={busy}
          error={create.error ?? createDraft.error}
          onSubmit={() => create.mutate(agent(), open)}
          beside={
            <Button disabled={busy || !draft.name.trim()} onClick={() => createDraft.mutate(agent(), open)}>
              {agentsTexts.trial.create}
            </Button>
          }
        />
      </div>
    </PageFrame>
  )
}
