import { t } from '@/lib/i18n'
import { useIsCutOff } from '@/lib/part'
import { Notice } from './Notice'
import { Skeleton } from './Skeleton'

/** What is shown while a part of the app is fetched; where there is no connection it says so, and that it goes on by itself. */
export function Waiting({ rows = 6 }: { rows?: number }) {
  const cutOff = useIsCutOff()
  return (
    <div className="mx-auto w-full max-w-3xl flex-1 px-5 py-10">
      {cutOff ? (
        <Notice tone="warn" role="status" title={t.problems.offline}>
          {t.problems.cutOff}
        </Notice>
      ) : (
        rows > 0 && <Skeleton rows={rows} />
      )}
    </div>
  )
}
