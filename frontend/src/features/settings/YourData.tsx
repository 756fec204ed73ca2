import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/Button'
import { DeleteAccount } from '@/components/DeleteAccount'
import { ErrorNotice } from '@/components/Notice'
import { Section } from '@/components/Section'
import { problemFrom } from '@/lib/api/problem'
import { settingsTexts } from '@/lib/i18n/settings'
import { useMe } from '@/lib/queries'
import { saveFile } from '@/lib/saveFile'
import { useServices } from '@/lib/services'

const texts = settingsTexts.data

/** Take everything along, or have it deleted. */
export function YourData() {
  const { api, auth } = useServices()
  const email = useMe().data?.email
  const [deleting, setDeleting] = useState(false)
  const take = useMutation({
    mutationFn: async () => {
      const response = await api.fetch('/api/me/export')
      if (!response.ok) throw await problemFrom(response)
      saveFile('roost-export.json', 'application/json', await response.blob())
    },
  })

  return (
    <Section title={texts.title}>
      <p className="mb-3 text-muted text-sm">{texts.exportDetail}</p>
      <Button onClick={() => take.mutate()} disabled={take.isPending}>
        {take.isPending ? texts.exporting : texts.export}
      </Button>
      {take.isError && <ErrorNotice error={take.error} className="mt-3" />}
      <div className="mt-6 border-line border-t pt-5">
        <p className="mb-3 text-muted text-sm">{texts.deleteDetail}</p>
        <Button look="plainDanger" onClick={() => setDeleting(true)}>
          {texts.delete}
        </Button>
      </div>
      {deleting && email && (
        <DeleteAccount
          title={texts.deleteTitle}
          email={email}
          path="/api/me/delete"
          onClose={(deleted) => {
            setDeleting(false)
            if (deleted) void auth.signOut({ scope: 'local' })
          }}
        />
      )}
    </Section>
  )
}
