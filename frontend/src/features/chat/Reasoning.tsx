import { Markdown } from '@/components/markdown/Markdown'
import { t } from '@/lib/i18n'
import { Fold } from './Fold'

/** What the model thought before it answered; folded, because it is not the answer. */
export function Reasoning({ text, live }: { text: string; live: boolean }) {
  if (!text) return null
  return (
    <Fold summary={live ? t.chat.reasoningLive : t.chat.reasoning} live={live}>
      <div className="text-muted text-sm">
        <Markdown source={text} streaming={live} />
      </div>
    </Fold>
  )
}
