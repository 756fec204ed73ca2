import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Problem } from '@/lib/api/problem'
import type { Agent, Deployment, StoredDraft } from '@/lib/api/types'
import { type Draft, draftOf, toDeployment } from './draft'
import { keepForm, readForm } from './keptForm'
import { useDeploy, useDiscardDraft, useReadDraft, useSaveDraft } from './queries'

interface Options {
  agent: Agent
  /** The version that the form starts from. */
  live: Deployment | undefined
  /** What was tried and not deployed. */
  stored: StoredDraft | null
  /** The newest version there is. */
  newest: number
}

/** A draft as one reads a version. */
export function asDeployment(stored: StoredDraft | null): Deployment | undefined {
  return stored?.deployment as unknown as Deployment | undefined
}

/**
 * The form of an agent, and what others do to the agent meanwhile. Nothing that was typed is replaced unasked, and nothing
 * of others is overwritten unasked: what came in between is told, and the person decides.
 */
export function useEditor({ agent, live, stored, newest }: Options) {
  const deploy = useDeploy(agent)
  const save = useSaveDraft(agent.slug)
  const discard = useDiscardDraft(agent.slug)
  const read = useReadDraft(agent.slug)
  const queries = useQueryClient()
  const tried = asDeployment(stored)

  const [kept] = useState(() => readForm(agent.slug))
  // Before the first version there is nothing else to show.
  const first = newest === 0 ? tried : live
  const [start, setStart] = useState(() => draftOf(agent, first))
  const [draft, setDraft] = useState(kept?.draft ?? start)
  /** The version or draft that what the form does not show is taken from. */
  const [base, setBase] = useState(first)
  const [basis, setBasis] = useState(kept?.basis ?? newest)
  const [restored, setRestored] = useState(kept !== null)
  const [fromDraft, setFromDraft] = useState(newest === 0)
  /** The draft that this form has seen, by the time it was saved. */
  const [seen, setSeen] = useState(stored?.saved_at ?? 'none')
  const [overtaken, setOvertaken] = useState<StoredDraft | null>(null)
  /** The form before it was replaced by what somebody else made. */
  const [aside, setAside] = useState<Draft | null>(null)
  const [deployed, setDeployed] = useState<number | null>(null)
  const draftNow = useRef(draft)
  useLayoutEffect(() => {
    draftNow.current = draft
  })
  const dirty = JSON.stringify(draft) !== JSON.stringify(start)

  const begin = (from: Deployment | undefined, number: number) => {
    const next = draftOf(agent, from)
    setStart(next)
    setDraft(next)
    setBase(from)
    setBasis(number)
    setRestored(false)
  }

  useEffect(() => keepForm(agent.slug, dirty ? { draft, basis } : null), [agent.slug, dirty, draft, basis])

  // What is stored is shown above the form, and so it has been seen; unless the form goes on with a draft of its own.
  useEffect(() => {
    const now = stored?.saved_at ?? 'none'
    if (fromDraft && stored && now !== seen) setOvertaken(stored)
    else setSeen(now)
  }, [stored?.saved_at])

  // A form in which nothing was changed shows what answers now.
  const liveNumber = live?.number ?? 0
  useEffect(() => {
    if (!dirty && !fromDraft && !deploy.isPending && liveNumber > 0) begin(live, newest)
  }, [liveNumber, newest])

  /** Saves the form as the draft, in the place of the one of `basedOn`; false where there is another one. */
  const keep = async (basedOn: string): Promise<boolean> => {
    try {
      const saved = await save.mutateAsync({ deployment: toDeployment(draft, base), basedOn })
      setSeen(saved.saved_at)
      setFromDraft(true)
      queries.setQueryData(['agents', agent.slug, 'draft'], saved)
      return true
    } catch (error) {
      if (!isAbout(error, 'draft-overtaken')) throw error
      const theirs = await read()
      // It is gone again: there is nothing to overwrite.
      if (!theirs) return keep('none')
      setOvertaken(theirs)
      return false
    }
  }

  return {
    draft,
    dirty,
    restored,
    fromDraft,
    overtaken,
    aside,
    deployed,
    /** A newer version than the form has begun from. */
    newer: newest > basis && !deploy.isPending,
    busy: deploy.isPending,
    // That there is a newer version is told in a notice of its own, with what can be done.
    error: isAbout(deploy.error, 'deployment-overtaken') ? null : deploy.error,
    change: (next: Draft) => {
      setDraft(next)
      setDeployed(null)
    },
    /** What the form says, as a version. */
    asDeployment: () => toDeployment(draft, base) as unknown as Deployment,
    useStored: () => {
      setFromDraft(true)
      setSeen(stored?.saved_at ?? 'none')
      setBase(tried)
      setDraft(draftOf(agent, tried))
    },
    discard: () =>
      discard.mutate(seen, {
        onError: (error) => void (isAbout(error, 'draft-overtaken') && read().then(setOvertaken)),
        onSuccess: () => {
          setFromDraft(false)
          setSeen('none')
          begin(live, newest)
        },
      }),
    discarding: discard.isPending,
    /** Leaves out what this browser had kept. */
    startOver: () => begin(live, newest),
    /** Takes over what somebody else made; one's own text can be brought back. */
    takeTheirs: (theirs: Deployment | undefined) => {
      setAside(draft)
      if (overtaken) setSeen(overtaken.saved_at)
      setFromDraft(overtaken !== null)
      setOvertaken(null)
      begin(theirs, newest)
    },
    bringBack: () => {
      if (aside) setDraft(aside)
      setAside(null)
    },
    /** One's own text is to take the place of what came in between. */
    keepMine: () => setBasis(newest),
    replaceTheirs: () => {
      if (!overtaken) return
      setOvertaken(null)
      void keep(overtaken.saved_at).catch(() => setOvertaken(overtaken))
    },
    /** Saves the form as the draft that is tried; false where somebody else has saved another one. */
    save: () => keep(seen),
    deploy: () =>
      deploy.mutate(
        {
          text: { name: draft.name.trim(), description: draft.description.trim() },
          deployment: { ...toDeployment(draft, base), based_on: basis },
        },
        {
          onSuccess: (made) => {
            setFromDraft(false)
            setAside(null)
            setDeployed(made.number)
            const next = { ...draftOf(agent, made), name: draft.name, description: draft.description }
            begin(made, made.number)
            setStart(next)
            // What was typed while it was on its way stays.
            setDraft(draftNow.current === draft ? next : draftNow.current)
          },
        },
      ),
  }
}

function isAbout(error: unknown, slug: string): boolean {
  return error instanceof Problem && error.slug === slug
}

export type Editor = ReturnType<typeof useEditor>
