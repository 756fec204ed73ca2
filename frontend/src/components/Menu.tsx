import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { classes } from '@/lib/classes'
import { placeBeside } from './placeBeside'

export interface MenuItem {
  label: string
  icon?: ReactNode
  onSelect: () => void
  danger?: boolean
  disabled?: boolean
  /** Set for a choice among several: a tick is shown and read out. */
  checked?: boolean
}

interface MenuProps {
  /** Read out for the button; the button's own content is `children`. */
  label: string
  items: MenuItem[]
  children: ReactNode
  /** The button's own text names it already; `label` then names the menu alone. */
  namedByContent?: boolean
  className?: string
}

/** A menu button over the browser's popover: top layer, closes on Escape and outside; arrows move in it. */
export function Menu({ label, items, children, namedByContent = false, className }: MenuProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)

  const entries = () => [
    ...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([disabled])') ?? []),
  ]

  const onToggle = (isOpen: boolean) => {
    setOpen(isOpen)
    if (!isOpen || !button.current || !list.current) return
    placeBeside(list.current, button.current)
    entries()[0]?.focus()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Tab') list.current?.hidePopover()
    if (target === undefined) return
    event.preventDefault()
    all.at(target % all.length)?.focus()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        {...(!namedByContent && { 'aria-label': label, title: label })}
        aria-haspopup="menu"
        aria-expanded={open}
        popoverTarget={id}
        className={className}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={(event) => onToggle(event.newState === 'open')}
        onKeyDown={onKeyDown}
        className="fixed m-0 max-h-[min(28rem,85dvh)] min-w-44 max-w-72 overflow-y-auto rounded-xl border border-line bg-raised p-1 text-sm shadow-float"
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            {...(item.checked === undefined
              ? { role: 'menuitem' }
              : { role: 'menuitemradio', 'aria-checked': item.checked })}
            disabled={item.disabled}
            tabIndex={-1}
            onClick={() => {
              list.current?.hidePopover()
              button.current?.focus()
              item.onSelect()
            }}
            className={classes(
              'flex min-h-9 w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left hover:bg-sunken focus-visible:bg-sunken disabled:opacity-50',
              item.danger && 'text-danger',
            )}
          >
            {item.icon}
            <span className="flex-1">{item.label}</span>
            {item.checked && <span aria-hidden="true">✓</span>}
          </button>
        ))}
      </div>
    </>
  )
}
