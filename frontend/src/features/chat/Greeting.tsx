import { Mark } from '@/components/Logo'
import { Notice } from '@/components/Notice'
import type { AgentSummary } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { useMe } from '@/lib/queries'
import { useServices } from '@/lib/services'

/** What a new chat shows: a greeting and the agent's starters. */
export function Greeting({
  agent,
  onStarter,
}: {
  agent: AgentSummary | undefined
  onStarter: (text: string) => void
}) {
  const { config } = useServices()
  const name = useMe().data?.display_name?.split(' ')[0] ?? ''
  return (
    <div className="flex flex-1 flex-col items-center justify-center overflow-y-auto px-5 py-8">
      <Mark className="size-14" />
      <h1 className="mt-4 text-center font-semibold font-serif text-2xl tracking-tight">
        {t.chat.greeting(name)}
      </h1>
      {agent?.description && (
        <p className="mt-2 max-w-md text-center text-muted text-sm">{agent.description}</p>
      )}
      {!config.features.languageModel && (
        <Notice className="mt-6 max-w-md" role="status">
          {t.chat.noModel}
        </Notice>
      )}
      <ul className="mt-7 grid w-full max-w-2xl gap-2 sm:grid-cols-2">
        {agent?.starters.map((starter) => (
          <li key={starter}>
            <button
              type="button"
              onClick={() => onStarter(starter)}
              className="h-full min-h-11 w-full rounded-xl border border-line bg-raised px-4 py-2.5 text-left text-sm transition-colors hover:border-line-strong"
            >
              {starter}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
