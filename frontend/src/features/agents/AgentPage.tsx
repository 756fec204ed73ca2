import { Download, MessageSquare, MoreHorizontal, Trash2 } from 'lucide-react'
import { type ComponentType, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { EmptyState } from '@/components/EmptyState'
import { LINK_BUTTON, LINK_BUTTON_PRIMARY } from '@/components/linkButton'
import { Menu } from '@/components/Menu'
import { ErrorNotice, Notice } from '@/components/Notice'
import { PageFrame } from '@/components/PageFrame'
import { Skeleton } from '@/components/Skeleton'
import { asProblem } from '@/lib/api/problem'
import type { Agent } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { agentsTexts } from '@/lib/i18n/agents'
import { AgentActivity } from './AgentActivity'
import { AgentEditor, type TestChatProps } from './AgentEditor'
import { AgentReaders } from './AgentReaders'
import { AgentStatus } from './AgentStatus'
import { useAct, useAgent, useDeleteAgent, useDeployments, useExportAgent, useStoredDraft } from './queries'
import { Versions } from './Versions'

const texts = agentsTexts

/** One agent: how it is doing, what it is told to do, and its versions. */
export function AgentPage({ TestChat }: { TestChat: ComponentType<TestChatProps> }) {
  const { slug = '' } = useParams()
  const agent = useAgent(slug)
  const deployments = useDeployments(slug)
  const latest = deployments.data?.[0]
  const stored = useStoredDraft(slug, agent.data?.activity != null)

  if (agent.isPending) {
    return (
      <PageFrame title={texts.title}>
        <Skeleton rows={8} />
      </PageFrame>
    )
  }
  if (agent.isError) {
    return (
      <PageFrame title={texts.title}>
        {asProblem(agent.error).status === 404 ? (
          <EmptyState
            title={texts.notFound}
            detail={texts.notFoundDetail}
            action={
              <Link to="/agents" className={LINK_BUTTON}>
                {texts.toAll}
              </Link>
            }
          />
        ) : (
          <ErrorNotice error={agent.error} onRetry={() => void agent.refetch()} />
        )}
      </PageFrame>
    )
  }
  const manages = agent.data.activity !== null
  return (
    <PageFrame
      title={agent.data.name}
      intro={agent.data.description}
      action={<Actions agent={agent.data} manages={manages} />}
    >
      {agent.data.last_error && (
        <Notice tone="error" title={texts.lastError} className="mb-6">
          {agent.data.last_error}
        </Notice>
      )}
      {agent.data.activity && <AgentActivity slug={slug} activity={agent.data.activity} />}
      {!manages ? (
        <ForReaders agent={agent.data} />
      ) : deployments.isPending || stored.isPending ? (
        <Skeleton rows={6} />
      ) : deployments.isError ? (
        <ErrorNotice error={deployments.error} onRetry={() => void deployments.refetch()} />
      ) : (
        <>
          <AgentEditor
            key={slug}
            agent={agent.data}
            live={deployments.data.find((each) => each.number === agent.data.live_number) ?? latest}
            stored={stored.data ?? null}
            latest={latest}
            TestChat={TestChat}
          />
          <div className="mt-12 grid items-start gap-10 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <Versions agent={agent.data} deployments={deployments.data} />
            <AgentReaders agent={agent.data} />
          </div>
        </>
      )}
    </PageFrame>
  )
}

/** What somebody sees who may ask an agent and not change it. */
function ForReaders({ agent }: { agent: Agent }) {
  return (
    <>
      <p className="text-muted text-sm">{texts.notYours}</p>
      {agent.starters.length > 0 && (
        <section aria-labelledby="starters" className="mt-6 text-sm">
          <h2 id="starters" className="mb-2 font-semibold">
            {texts.form.starters}
          </h2>
          <ul className="list-disc space-y-1 pl-5">
            {agent.starters.map((starter) => (
              <li key={starter}>{starter}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Actions({ agent, manages }: { agent: Agent; manages: boolean }) {
  const act = useAct(agent.slug)
  const remove = useDeleteAgent(agent.slug)
  const exporting = useExportAgent(agent.slug)
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <AgentStatus status={agent.status} />
      {agent.status === 'deployed' && (
        <Link to={`/?agent=${agent.slug}`} className={LINK_BUTTON_PRIMARY}>
          <MessageSquare size={15} aria-hidden="true" />
          {texts.ask}
        </Link>
      )}
      {manages && agent.status === 'deployed' && (
        <Button onClick={() => act.mutate({ kind: 'pause' })} disabled={act.isPending}>
          {texts.pause}
        </Button>
      )}
      {manages && agent.status === 'paused' && (
        <Button onClick={() => act.mutate({ kind: 'resume' })} disabled={act.isPending}>
          {texts.resume}
        </Button>
      )}
      {manages && (
        <Menu
          label={texts.actions}
          className="inline-flex size-9 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
          items={[
            {
              label: texts.exportFile,
              icon: <Download size={16} />,
              onSelect: () => exporting.mutate(),
            },
            {
              label: t.actions.delete,
              icon: <Trash2 size={16} />,
              danger: true,
              onSelect: () => setAsking(true),
            },
          ]}
        >
          <MoreHorizontal size={18} />
        </Menu>
      )}
      {(act.isError || exporting.isError) && (
        <ErrorNotice error={act.error ?? exporting.error} className="w-full" />
      )}
      {asking && (
        <ConfirmDialog
          title={texts.deleteTitle}
          confirm={t.actions.delete}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate('/agents') })}
          onClose={() => setAsking(false)}
        >
          {texts.deleteDetail(agent.name)}
        </ConfirmDialog>
      )}
    </div>
  )
}
