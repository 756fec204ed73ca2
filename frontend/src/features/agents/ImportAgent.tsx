import { FileUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { ErrorNotice } from '@/components/Notice'
import { asProblem } from '@/lib/api/problem'
import { agentsTexts } from '@/lib/i18n/agents'
import { useImportAgent } from './queries'

const texts = agentsTexts

/** Makes an agent of a file; where there is one of that name, asks whether the file is to be its next version. */
export function ImportAgent() {
  const input = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  const take = useImportAgent()
  const [text, setText] = useState('')
  const isThere = take.isError && asProblem(take.error).slug === 'agent-exists'

  const read = (content: string, replace: boolean) =>
    take.mutate({ text: content, replace }, { onSuccess: (agent) => navigate(`/agents/${agent.slug}`) })

  const onFile = async (file: File | undefined) => {
    if (!file) return
    const content = await file.text()
    setText(content)
    read(content, false)
  }

  return (
    <>
      <Button
        icon={<FileUp size={16} aria-hidden="true" />}
        disabled={take.isPending}
        onClick={() => input.current?.click()}
      >
        {texts.importFile}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml"
        aria-label={texts.importFile}
        tabIndex={-1}
        className="hidden"
        onChange={(event) => {
          void onFile(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      {take.isError && !isThere && <ErrorNotice error={take.error} className="w-full" />}
      {isThere && (
        <ConfirmDialog
          title={texts.importTitle}
          confirm={texts.importReplace}
          harmless
          busy={take.isPending}
          onConfirm={() => read(text, true)}
          onClose={() => take.reset()}
        >
          {asProblem(take.error).detail} {texts.importReplaceDetail}
        </ConfirmDialog>
      )}
    </>
  )
}
