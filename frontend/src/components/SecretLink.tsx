import { t } from '@/lib/i18n'
import { Button } from './Button'
import { useCopy } from './useCopy'

interface SecretLinkProps {
  link: string
  /** What whoever holds it should know. */
  detail: string
  copy: string
  children?: React.ReactNode
}

/** A link that is shown this once, to be copied. */
export function SecretLink({ link, detail, copy: label, children }: SecretLinkProps) {
  const { copied, copy } = useCopy()
  return (
    <div>
      <p className="text-sm">{detail}</p>
      <code className="mt-3 block select-all break-all rounded-lg border border-line bg-sunken p-3 text-sm">
        {link}
      </code>
      <div className="mt-3 flex flex-wrap justify-end gap-2">
        {children}
        <Button look="primary" onClick={() => void copy(link)}>
          {copied ? t.actions.copied : label}
        </Button>
      </div>
    </div>
  )
}
