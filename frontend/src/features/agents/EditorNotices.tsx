import { useState } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { Notice } from '@/components/Notice'
import type { Deployment, StoredDraft } from '@/lib/api/types'
import { formatAgo } from '@/lib/format'
import { agentsTexts } from '@/lib/i18n/agents'
import { useMe } from '@/lib/queries'
import { asDeployment, type Editor } from './useEditor'
import { VersionDifference } from './VersionDifference'

const texts = agentsTexts.trial

interface EditorNoticesProps {
  editor: Editor
  stored: StoredDraft | null
  /** The newest version; not always the one that answers. */
  latest: Deployment | undefined
}

/** What one should know about the form: where its text comes from, and what others did meanwhile. */
export function EditorNotices({ editor, stored, latest }: EditorNoticesProps) {
  const newest = latest?.number ?? 0
  const mine = useMe().data?.user_id === stored?.saved_by
  return (
    <div className="mb-4 flex flex-col gap-3 empty:hidden">
      {stored && newest > 0 && editor.deployed === null && (
        <Notice
          action={
            <span className="flex gap-2">
              {!editor.fromDraft && <Button onClick={editor.useStored}>{texts.useDraft}</Button>}
              <Button look="plain" disabled={editor.discarding} onClick={editor.discard}>
                {texts.discard}
              </Button>
            </span>
          }
        >
          {editor.fromDraft
            ? texts.fromDraft
            : (mine ? texts.draft : texts.draftOfOther)(formatAgo(stored.saved_at))}
        </Notice>
      )}
      {editor.restored && (
        <Notice
          role="status"
          action={
            <Button look="plain" onClick={editor.startOver}>
              {texts.discard}
            </Button>
          }
        >
          {texts.restored}
        </Notice>
      )}
      {editor.aside && (
        <Notice role="status" action={<Button onClick={editor.bringBack}>{texts.bringBack}</Button>}>
          {texts.aside}
        </Notice>
      )}
      {editor.newer && latest && (
        <Conflict
          title={texts.newerVersion(newest)}
          theirs={latest}
          editor={editor}
          keep={texts.keepMine}
          onKeep={editor.keepMine}
          take={texts.takeVersion(newest)}
        />
      )}
    </div>
  )
}

/** Somebody else has saved a draft since this form was opened. */
export function DraftConflict({ editor }: { editor: Editor }) {
  const theirs = asDeployment(editor.overtaken)
  if (!editor.overtaken || !theirs) return null
  return (
    <Conflict
      title={texts.overtaken(formatAgo(editor.overtaken.saved_at))}
      theirs={theirs}
      editor={editor}
      keep={texts.saveMine}
      onKeep={editor.replaceTheirs}
      take={texts.takeDraft}
    />
  )
}

interface ConflictProps {
  title: string
  theirs: Deployment
  editor: Editor
  keep: string
  onKeep: () => void
  take: string
}

function Conflict({ title, theirs, editor, keep, onKeep, take }: ConflictProps) {
  const [comparing, setComparing] = useState(false)
  return (
    <Notice tone="warn" role="alert" title={title} className="mb-3">
      <p>{texts.stillThere}</p>
      <p className="mt-2 flex flex-wrap gap-2">
        <Button onClick={() => setComparing(true)}>{texts.compare}</Button>
        <Button onClick={() => editor.takeTheirs(theirs)}>{take}</Button>
        <Button onClick={onKeep}>{keep}</Button>
      </p>
      {comparing && (
        <Dialog title={texts.compareTitle} shape="wide" onClose={() => setComparing(false)}>
          <VersionDifference before={theirs} after={editor.asDeployment()} />
        </Dialog>
      )}
    </Notice>
  )
}
