import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { Suspense, useState } from 'react'
import { IconButton } from '@/components/Button'
import type { FeedbackRequest, MessageFeedback } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import { part } from '@/lib/part'

const FeedbackDialog = part(() => import('./FeedbackDialog').then((module) => module.FeedbackDialog))

const THUMBS = [
  ['up', ThumbsUp, 'good'],
  ['down', ThumbsDown, 'bad'],
] as const

export interface FeedbackProps {
  given: MessageFeedback | null
  onGive: (feedback: FeedbackRequest | null) => Promise<void>
}

/** A thumb up or down, kept at once; then a dialog for whoever wants to say more. */
export function Feedback({ given, onGive }: FeedbackProps) {
  const [asking, setAsking] = useState<FeedbackRequest['rating'] | null>(null)
  return (
    <>
      {THUMBS.map(([rating, Icon, text]) => (
        <IconButton
          key={rating}
          label={t.chat.feedback[text]}
          aria-pressed={given?.rating === rating}
          icon={<Icon size={15} fill={given?.rating === rating ? 'currentColor' : 'none'} />}
          onClick={() => setAsking(rating)}
        />
      ))}
      {asking && (
        <Suspense>
          <FeedbackDialog rating={asking} given={given} onGive={onGive} onClose={() => setAsking(null)} />
        </Suspense>
      )}
    </>
  )
}
