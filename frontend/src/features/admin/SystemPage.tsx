import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { ErrorNotice, Notice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import type { Readiness, SystemDetails } from '@/lib/api/types'
import { formatBytes } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'
import { useApi, useServices } from '@/lib/services'
import { AdminFrame } from './AdminFrame'
import { Warnings } from './Warnings'

const texts = adminTexts.system
const EVERY_MS = 10_000

/** Each part by name, with what is wrong with it in words. It answers 503 with the same body where one is missing. */
function useReadiness() {
  return useQuery({
    queryKey: ['ready'],
    queryFn: async ({ signal }) => (await (await fetch('/api/ready', { signal })).json()) as Readiness,
    refetchInterval: EVERY_MS,
  })
}

export function SystemPage() {
  const { config } = useServices()
  const ready = useReadiness()
  return (
    <AdminFrame title={texts.title} intro={texts.intro}>
      {ready.isPending ? (
        <Skeleton rows={4} />
      ) : ready.isError ? (
        <ErrorNotice error={ready.error} onRetry={() => void ready.refetch()} />
      ) : (
        <>
          <Notice role="status" tone={ready.data.status === 'ok' ? 'info' : 'error'}>
            {ready.data.status === 'ok' ? texts.allWell : texts.notWell}
          </Notice>
          <ul className="mt-4 divide-y divide-line rounded-xl border border-line bg-raised text-sm">
            {Object.entries(ready.data.checks).map(([name, check]) => (
              <Part key={name} name={name} works={check.status === 'ok'} detail={check.detail} />
            ))}
          </ul>
        </>
      )}
      <Warnings />
      <Versions roost={config.version} />
    </AdminFrame>
  )
}

/** What is at work here, for whoever reports a problem or plans an upgrade. */
function Versions({ roost }: { roost: string }) {
  const api = useApi()
  const details = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => api.get<SystemDetails>('/api/system', {}, signal),
  })
  const { data } = details
  const facts: [string, string][] = [['Roost', roost]]
  if (data) {
    facts.push(
      [texts.model, data.model ?? texts.noModel],
      [texts.embeddingModel, data.embedding_model],
      ['PostgreSQL', data.database.postgres],
      ['pgvector', data.database.pgvector ?? texts.unknown],
      [texts.migration, data.database.migration ?? texts.unknown],
      [texts.size, formatBytes(data.database.bytes)],
      ['Python', data.python],
    )
  }
  return (
    <section aria-labelledby="versions" className="mt-10">
      <h2 id="versions" className="mb-3 font-semibold">
        {texts.versions}
      </h2>
      {details.isError && (
        <ErrorNotice error={details.error} onRetry={() => void details.refetch()} className="mb-3" />
      )}
      <dl className="grid max-w-xl grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="[overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Part({ name, works, detail }: { name: string; works: boolean; detail: string }) {
  const Icon = works ? CircleCheck : CircleAlert
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Icon size={18} className={works ? 'mt-0.5 text-accent' : 'mt-0.5 text-danger'} aria-hidden="true" />
      <div>
        <p className="font-medium">
          {texts.parts[name] ?? name.replaceAll('_', ' ')}
          <span className="sr-only"> {works ? texts.ok : texts.unavailable}</span>
        </p>
        {detail && <p className="text-muted">{detail}</p>}
      </div>
    </li>
  )
}
