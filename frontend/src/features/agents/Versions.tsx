import { useState } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { EmptyState } from '@/components/EmptyState'
import { ErrorNotice } from '@/components/Notice'
import type { Agent, Deployment } from '@/lib/api/types'
import { formatAgo, formatMoment } from '@/lib/format'
import { agentsTexts } from '@/lib/i18n/agents'
import { useAct } from './queries'
import { VersionDifference } from './VersionDifference'

const texts = agentsTexts.versions

/** Every version that was deployed, what changed with it, and the way back to it. */
export function Versions({ agent, deployments }: { agent: Agent; deployments: Deployment[] }) {
  const [open, setOpen] = useState<Deployment | null>(null)
  const act = useAct(agent.slug)
  const before = open && deployments.find((each) => each.number < open.number)

  return (
    <section aria-labelledby="versions">
      <h2 id="versions" className="mb-4 font-semibold">
        {texts.title}
      </h2>
      {act.isError && <ErrorNotice error={act.error} className="mb-3" />}
      {deployments.length === 0 ? (
        <EmptyState title={texts.empty} />
      ) : (
        <ol className="divide-y divide-line rounded-xl border border-line bg-raised">
          {deployments.map((deployment) => (
            <li
              key={deployment.number}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 text-sm"
            >
              <div className="min-w-32 flex-1">
                <p className="font-medium">
                  {texts.number(deployment.number)}
                  {deployment.number === agent.live_number && (
                    <span className="ml-2 rounded-full bg-accent-soft px-2 py-0.5 text-accent-strong text-xs">
                      {texts.live}
                    </span>
                  )}
                </p>
                <p className="text-muted text-xs">
                  <time dateTime={deployment.created_at} title={formatMoment(deployment.created_at)}>
                    {formatAgo(deployment.created_at)}
                  </time>
                  {deployment.note && ` · ${deployment.note}`}
                </p>
              </div>
              <Button look="plain" onClick={() => setOpen(deployment)}>
                {texts.changes}
              </Button>
              {deployment.number !== agent.live_number && (
                <Button
                  onClick={() => act.mutate({ kind: 'rollback', number: deployment.number })}
                  disabled={act.isPending}
                >
                  {texts.use}
                </Button>
              )}
            </li>
          ))}
        </ol>
      )}
      {open && (
        <Dialog title={texts.changesOf(open.number)} shape="wide" onClose={() => setOpen(null)}>
          <VersionDifference before={before ?? null} after={open} />
        </Dialog>
      )}
    </section>
  )
}
