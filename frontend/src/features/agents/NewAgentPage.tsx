import { useNavigate } from 'react-router'
import { PageFrame } from '@/components/PageFrame'
import { t } from '@/lib/i18n'
import { AgentForm } from './AgentForm'
import { EMPTY_DRAFT, slugOf, toDeployment } from './draft'
import { useCreateAgent } from './queries'

export function NewAgentPage() {
  const create = useCreateAgent()
  const navigate = useNavigate()
  return (
    <PageFrame title={t.agents.create} intro={t.agents.createIntro}>
      <div className="max-w-2xl">
        <AgentForm
          initial={{ ...EMPTY_DRAFT, instructions: t.agents.form.instructionsStart }}
          submit={t.agents.form.createAndDeploy}
          busy={create.isPending}
          error={create.error}
          onSubmit={(draft) =>
            create.mutate(
              {
                slug: slugOf(draft.name) || 'agent',
                name: draft.name.trim(),
                description: draft.description.trim(),
                deployment: toDeployment(draft, undefined),
              },
              { onSuccess: (agent) => navigate(`/agents/${agent.slug}`) },
            )
          }
        />
      </div>
    </PageFrame>
  )
}
