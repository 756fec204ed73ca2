import { X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '@/components/Button'
import { Check } from '@/components/Check'
import { TextField } from '@/components/Field'
import { agentsTexts } from '@/lib/i18n/agents'
import { useAgents, useMe } from '@/lib/queries'
import type { ToolChoice } from './draft'
import { AskFirst, type ToolsProps } from './ToolPicker'

const texts = agentsTexts.tools
type Mcp = Extract<ToolChoice, { kind?: 'mcp' }>
type Asked = Extract<ToolChoice, { kind?: 'agent' }>

const isMcp = (choice: ToolChoice): choice is Mcp => choice.kind === 'mcp'
const isAgent = (choice: ToolChoice): choice is Asked => choice.kind === 'agent'

/** MCP servers that are set up here by name, and, for administrators, others by their address. */
export function McpServers({ servers, chosen, onChange }: ToolsProps & { servers: string[] }) {
  const isAdmin = useMe().data?.role === 'admin'
  const [address, setAddress] = useState('')
  const connected = chosen.filter(isMcp)
  // A server that is not set up any more stays visible, so that it can be taken away.
  const names = [...new Set([...servers, ...connected.flatMap((each) => each.server ?? [])])]
  const byAddress = connected.filter((each) => each.url)
  const change = (old: Mcp, next: Mcp | null) =>
    onChange(chosen.flatMap((each) => (each === old ? (next ?? []) : each)))

  const connect = () => {
    onChange([...chosen, { kind: 'mcp', url: address.trim() } as Mcp])
    setAddress('')
  }

  return (
    <fieldset>
      <legend className="font-medium text-sm">{texts.servers}</legend>
      <p className="mt-1 text-muted text-xs">
        {names.length > 0 || byAddress.length > 0 ? texts.serversIntro : texts.noServers}
      </p>
      <ul className="mt-1">
        {names.map((name) => {
          const choice = connected.find((each) => each.server === name)
          return (
            <li key={name} className="flex flex-wrap items-center gap-x-4">
              <div className="min-w-40 flex-1">
                <Check
                  checked={choice !== undefined}
                  onChange={() =>
                    choice
                      ? change(choice, null)
                      : onChange([...chosen, { kind: 'mcp', server: name } as Mcp])
                  }
                >
                  {name}
                </Check>
              </div>
              {choice && (
                <AskFirst
                  checked={choice.approval ?? false}
                  onChange={(approval) => change(choice, { ...choice, approval })}
                />
              )}
            </li>
          )
        })}
        {byAddress.map((choice) => (
          <li key={choice.url} className="flex flex-wrap items-center gap-x-4 text-sm">
            <span className="min-w-40 flex-1 truncate">{choice.url}</span>
            <AskFirst
              checked={choice.approval ?? false}
              onChange={(approval) => change(choice, { ...choice, approval })}
            />
            <IconButton
              label={texts.remove(choice.url ?? '')}
              icon={<X size={15} />}
              onClick={() => change(choice, null)}
            />
          </li>
        ))}
      </ul>
      {isAdmin && (
        <div className="mt-2 grid grid-cols-[1fr_auto] items-end gap-2">
          <TextField
            label={texts.address}
            type="url"
            inputMode="url"
            placeholder="https://"
            value={address}
            maxLength={2000}
            onChange={(event) => setAddress(event.target.value)}
          />
          <Button onClick={connect} disabled={!/^https?:\/\/\S+$/.test(address.trim())}>
            {texts.connect}
          </Button>
        </div>
      )}
    </fieldset>
  )
}

/** Other agents that this one may ask, each with what for. */
export function AgentTools({ slug, chosen, onChange }: ToolsProps & { slug?: string | undefined }) {
  const others = (useAgents().data ?? []).filter((agent) => agent.slug !== slug)
  const asked = chosen.filter(isAgent)
  if (others.length === 0 && asked.length === 0) return null
  const change = (old: Asked, next: Asked | null) =>
    onChange(chosen.flatMap((each) => (each === old ? (next ?? []) : each)))
  const names = new Map(others.map((agent) => [agent.slug, agent.name]))
  for (const each of asked) if (!names.has(each.slug)) names.set(each.slug, each.slug)

  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{texts.agents}</legend>
      <ul className="max-h-72 overflow-y-auto">
        {[...names].map(([other, name]) => {
          const choice = asked.find((each) => each.slug === other)
          return (
            <li key={other} className="py-0.5">
              <div className="flex flex-wrap items-center gap-x-4">
                <div className="min-w-40 flex-1">
                  <Check
                    checked={choice !== undefined}
                    onChange={() =>
                      choice
                        ? change(choice, null)
                        : onChange([...chosen, { kind: 'agent', slug: other } as Asked])
                    }
                  >
                    {name}
                  </Check>
                </div>
                {choice && (
                  <AskFirst
                    checked={choice.approval ?? false}
                    onChange={(approval) => change(choice, { ...choice, approval })}
                  />
                )}
              </div>
              {choice && (
                <div className="mt-1 mb-2 ml-6">
                  <TextField
                    label={texts.purpose(name)}
                    value={choice.purpose ?? ''}
                    maxLength={500}
                    onChange={(event) => change(choice, { ...choice, purpose: event.target.value })}
                  />
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}
