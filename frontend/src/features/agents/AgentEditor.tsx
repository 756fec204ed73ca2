import type { Agent, Deployment } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { AgentForm } from './AgentForm'
import { draftOf, toDeployment } from './draft'
import { useDeploy } from './queries'

interface AgentEditorProps {
  agent: Agent
  /** The version that the form starts from. */
  live: Deployment | undefined
  /** The newest version seen; a newer one by somebody else is not overwritten. */
  newest: number
}

export function AgentEditor({ agent, live, newest }: AgentEditorProps) {
  const deploy = useDeploy(agent)
  return (
    <section aria-labelledby="edit-agent">
      <h2 id="edit-agent" className="mb-4 font-semibold">
        {t.agents.edit}
      </h2>
      <AgentForm
        initial={draftOf(agent, live)}
        submit={t.agents.form.deploy}
        busy={deploy.isPending}
        error={deploy.error}
        onSubmit={(draft) =>
          deploy.mutate({
            text: { name: draft.name.trim(), description: draft.description.trim() },
            deployment: { ...toDeployment(draft, live), based_on: newest },
          })
        }
      />
    </section>
  )
}
