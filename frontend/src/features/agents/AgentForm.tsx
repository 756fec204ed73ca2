import type { FormEvent, ReactNode } from 'react'
import { Button } from '@/components/Button'
import { Select, TextArea, TextField } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import { agentsTexts } from '@/lib/i18n/agents'
import type { Draft } from './draft'
import { ToolPicker } from './ToolPicker'

const texts = agentsTexts.form

interface AgentFormProps {
  draft: Draft
  onChange: (draft: Draft) => void
  /** The agent's own slug: it is not offered to itself. */
  slug?: string
  submit: string
  busy: boolean
  error: unknown
  /** Shown beside the button: another way to keep what was entered. */
  beside?: ReactNode
  onSubmit: () => void
}

/** Everything of an agent that is set by hand, as one form. */
export function AgentForm({ draft, onChange, slug, submit, busy, error, beside, onSubmit }: AgentFormProps) {
  const field = (name: Exclude<keyof Draft, 'tools'>) => ({
    name,
    value: draft[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...draft, [name]: event.target.value }),
  })

  const send = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }

  return (
    <form onSubmit={send} className="flex flex-col gap-5">
      <TextField label={texts.name} required maxLength={120} {...field('name')} />
      <TextField
        label={texts.description}
        hint={texts.descriptionHint}
        maxLength={2000}
        {...field('description')}
      />
      <TextArea
        label={texts.instructions}
        hint={texts.instructionsHint}
        rows={9}
        maxLength={100_000}
        className="font-mono"
        {...field('instructions')}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField label={texts.model} hint={texts.modelHint} maxLength={200} {...field('model')} />
        <TextField
          label={texts.temperature}
          hint={texts.temperatureHint}
          type="number"
          min={0}
          max={2}
          step={0.1}
          {...field('temperature')}
        />
      </div>
      <TextArea label={texts.fallbacks} hint={texts.fallbacksHint} rows={2} {...field('fallbackModels')} />
      <Select label={texts.knowledge} {...field('knowledge')}>
        <option value="always">{texts.knowledgeModes.always}</option>
        <option value="tool">{texts.knowledgeModes.tool}</option>
        <option value="off">{texts.knowledgeModes.off}</option>
      </Select>
      <ToolPicker chosen={draft.tools} slug={slug} onChange={(tools) => onChange({ ...draft, tools })} />
      <TextArea label={texts.starters} hint={texts.startersHint} rows={3} {...field('starters')} />
      <TextField label={texts.note} hint={texts.noteHint} maxLength={1000} {...field('note')} />
      {error != null && <ErrorNotice error={error} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" disabled={busy || !draft.name.trim()}>
          {submit}
        </Button>
        {beside}
      </div>
    </form>
  )
}
