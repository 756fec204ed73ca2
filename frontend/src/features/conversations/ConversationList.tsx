import { Archive, ArrowLeft, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { LoadMore } from '@/components/LoadMore'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { t } from '@/lib/i18n'
import { ConversationItem } from './ConversationItem'
import { groupByAge } from './groupByAge'
import { useConversations } from './queries'

/** The list beside every page: search, groups by age, pins, and the archive. */
export function ConversationList() {
  const [words, setWords] = useState('')
  const [archived, setArchived] = useState(false)
  const search = useDeferredValue(words.trim())
  const list = useConversations(search, archived)

  return (
    <nav aria-label={t.chat.list.label} className="flex min-h-0 flex-1 flex-col">
      <div className="relative mx-3 mb-1">
        <Search
          size={15}
          className="pointer-events-none absolute top-2.5 left-2.5 text-muted"
          aria-hidden="true"
        />
        <input
          id="conversation-search"
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          aria-label={t.chat.list.search}
          placeholder={t.chat.list.search}
          className="h-9 w-full rounded-lg bg-paper/70 pr-2 pl-8 text-base placeholder:text-muted sm:text-sm"
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {list.isPending ? (
          <div className="px-2 pt-4">
            <Skeleton rows={6} />
          </div>
        ) : list.isError ? (
          <ErrorNotice error={list.error} onRetry={() => void list.refetch()} className="m-1 mt-3" />
        ) : list.data.length === 0 ? (
          <p className="px-2.5 py-4 text-muted text-sm">
            {search ? t.chat.list.nothingFound : archived ? t.chat.list.emptyArchived : t.chat.list.empty}
          </p>
        ) : (
          groupByAge(list.data).map((group) => (
            <section key={group.label} aria-label={group.label}>
              <h2 className="px-2.5 pt-4 pb-1 font-medium text-muted text-xs">{group.label}</h2>
              <ul>
                {group.items.map((conversation) => (
                  <ConversationItem key={conversation.id} conversation={conversation} />
                ))}
              </ul>
            </section>
          ))
        )}
        <LoadMore
          more={list.hasNextPage}
          busy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      </div>
      <button
        type="button"
        onClick={() => setArchived(!archived)}
        className="mx-2 flex min-h-9 items-center gap-2.5 rounded-lg px-2.5 text-left text-muted text-sm hover:bg-line/50 hover:text-ink"
      >
        {archived ? <ArrowLeft size={16} aria-hidden="true" /> : <Archive size={16} aria-hidden="true" />}
        {archived ? t.chat.list.hideArchived : t.chat.list.showArchived}
      </button>
    </nav>
  )
}
