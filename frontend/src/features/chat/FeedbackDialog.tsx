import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { TextArea } from '@/components/Field'
import { ErrorNotice } from '@/components/Notice'
import type { FeedbackRequest } from '@/lib/api/types'
import { t } from '@/lib/i18n'
import type { FeedbackProps } from './Feedback'

const texts = t.chat.feedback

interface FeedbackDialogProps extends FeedbackProps {
  rating: FeedbackRequest['rating']
  onClose: () => void
}

/** The thumb is kept when this opens; a comment, and the words of the answer, go along where the person wants it. */
export function FeedbackDialog({ rating, given, onGive, onClose }: FeedbackDialogProps) {
  const give = useMutation({ mutationFn: onGive })
  const { mutate } = give

  // Once, when the dialog opens.
  useEffect(() => {
    if (given?.rating === rating) return
    mutate({ rating, comment: given?.comment ?? '', include_text: given?.include_text ?? false })
  }, [])

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const comment = String(form.get('comment')).trim()
    mutate({ rating, comment, include_text: form.has('include') }, { onSuccess: onClose })
  }

  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <p role="status" className="text-sm">
          {rating === 'up' ? t.chat.feedback.good : t.chat.feedback.bad}. {give.isSuccess && texts.thanks}
        </p>
        <TextArea
          label={texts.comment}
          hint={texts.intro}
          name="comment"
          rows={3}
          maxLength={4000}
          defaultValue={given?.comment ?? ''}
          autoFocus
        />
        <label className="flex items-start gap-2.5 text-sm">
          <input
            type="checkbox"
            name="include"
            defaultChecked={given?.include_text ?? false}
            className="mt-0.5 size-4 accent-accent"
          />
          {texts.include}
        </label>
        {give.isError && <ErrorNotice error={give.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={() => mutate(null, { onSuccess: onClose })} disabled={give.isPending}>
            {texts.takeBack}
          </Button>
          <Button type="submit" look="primary" disabled={give.isPending}>
            {texts.send}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
