import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { Dialog } from '@/components/Dialog'
import { t } from '@/lib/i18n'

const HELP_EVENT = 'roost:shortcuts'
const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
const MODIFIER = isMac ? '⌘' : 'Ctrl'

/** Opens the list of shortcuts from anywhere. */
export function openShortcuts(): void {
  window.dispatchEvent(new Event(HELP_EVENT))
}

/** Listens for the app's shortcuts; those without a modifier keep quiet while somebody types. */
export function useShortcuts() {
  const navigate = useNavigate()
  const [helpOpen, setHelpOpen] = useState(false)

  useEffect(() => {
    const actions: Record<string, () => void> = {
      'mod+shift+o': () => navigate('/'),
      'mod+k': () => focus('conversation-search'),
      '/': () => focus('question'),
      '?': () => setHelpOpen(true),
    }
    const onKey = (event: KeyboardEvent) => {
      const action = actions[nameOf(event)]
      if (!action || (isTyping(event.target) && !(event.ctrlKey || event.metaKey))) return
      event.preventDefault()
      action()
    }
    const onHelp = () => setHelpOpen(true)
    window.addEventListener('keydown', onKey)
    window.addEventListener(HELP_EVENT, onHelp)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener(HELP_EVENT, onHelp)
    }
  }, [navigate])

  return { helpOpen, closeHelp: () => setHelpOpen(false) }
}

function nameOf(event: KeyboardEvent): string {
  const modifier = event.ctrlKey || event.metaKey
  if (!modifier) return event.key
  return ['mod', event.shiftKey && 'shift', event.key.toLowerCase()].filter(Boolean).join('+')
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

function focus(id: string): void {
  document.getElementById(id)?.focus()
}

/** Read when it is shown: texts of another language come after this file. */
const shortcuts = (): [string, string[]][] => [
  [t.chat.shortcuts.newChat, [MODIFIER, 'Shift', 'O']],
  [t.chat.shortcuts.search, [MODIFIER, 'K']],
  [t.chat.shortcuts.focus, ['/']],
  [t.chat.shortcuts.send, ['Enter']],
  [t.chat.shortcuts.stop, ['Esc']],
  [t.chat.shortcuts.help, ['?']],
]

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t.chat.shortcuts.title} onClose={onClose}>
      <dl className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-2.5 py-1 text-sm">
        {shortcuts().map(([what, keys]) => (
          <div key={what} className="contents">
            <dt>{what}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-md border border-line bg-sunken px-1.5 py-0.5 font-sans text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
