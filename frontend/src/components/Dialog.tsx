import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { classes } from '@/lib/classes'
import { t } from '@/lib/i18n'
import { IconButton } from './Button'

const SHAPES = {
  /** A card in the middle. */
  center: 'm-auto w-[min(30rem,calc(100vw-2rem))] rounded-2xl border border-line',
  wide: 'm-auto w-[min(52rem,calc(100vw-2rem))] rounded-2xl border border-line',
  /** From the left edge: the menu on phones. */
  left: 'my-0 mr-auto ml-0 h-dvh w-[min(19rem,86vw)]',
  /** From the bottom edge: panels on phones. */
  bottom: 'mx-0 mt-auto mb-0 w-screen max-w-none rounded-t-2xl border-line border-t',
}

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
  shape?: keyof typeof SHAPES
  /** The title is then for screen readers only, and the content brings its own frame. */
  bare?: boolean
}

/** The browser's own modal dialog: it traps the focus, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children, footer, shape = 'center', bare = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it; the click is the one beside the card
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === ref.current && onClose()}
      className={classes(
        'max-h-[88dvh] overflow-hidden bg-raised p-0 text-ink shadow-float backdrop:bg-black/40 open:flex open:flex-col',
        shape === 'left' && 'max-h-none',
        SHAPES[shape],
      )}
    >
      <header className={classes('flex items-start gap-3 px-5 pt-4 pb-2', bare && 'sr-only')}>
        <h2 id={titleId} className="flex-1 pt-1 font-semibold text-base">
          {title}
        </h2>
        {!bare && <IconButton label={t.actions.close} icon={<X size={18} />} onClick={onClose} />}
      </header>
      <div className={classes('min-h-0 flex-1 overflow-y-auto', !bare && 'px-5 pb-4')}>{children}</div>
      {footer && (
        <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3">{footer}</footer>
      )}
    </dialog>
  )
}
