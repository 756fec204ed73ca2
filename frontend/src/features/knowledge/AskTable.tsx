import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { TextArea } from '@/components/Field'
import { ErrorNotice, Notice } from '@/components/Notice'
import type { TableRows, TableToAsk } from '@/lib/api/types'
import { knowledgeTexts } from '@/lib/i18n/knowledge'
import { useApi } from '@/lib/services'

const texts = knowledgeTexts.tables

interface AskTableProps {
  table: TableToAsk
  /** All known tables of the same document, which one statement can join. */
  siblings: TableToAsk[]
  onClose: () => void
}

/** The first rows of a table, and an answer to any SELECT over it. */
export function AskTable({ table, siblings, onClose }: AskTableProps) {
  const api = useApi()
  const [sql, setSql] = useState(`SELECT * FROM ${quoted(table.name)} LIMIT 20`)
  const ask = useMutation({
    mutationFn: (statement: string) =>
      api.post<TableRows>(`/api/documents/${table.document_id}/tables/query`, { sql: statement }),
  })
  const { mutate } = ask

  // The first rows, once.
  useEffect(() => mutate(sql), [])

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    mutate(sql)
  }

  return (
    <Dialog title={[table.title, table.label].filter(Boolean).join(' › ')} shape="wide" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-3">
        <TextArea
          label={texts.sql}
          hint={texts.sqlHint(siblings.map((each) => quoted(each.name)).join(', '))}
          rows={3}
          maxLength={10_000}
          className="font-mono"
          value={sql}
          onChange={(event) => setSql(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) mutate(sql)
          }}
        />
        <div>
          <Button type="submit" look="primary" disabled={ask.isPending || !sql.trim()}>
            {ask.isPending ? texts.running : texts.run}
          </Button>
        </div>
      </form>
      {ask.isError && <ErrorNotice error={ask.error} className="mt-4" />}
      {ask.data && <Rows answer={ask.data} />}
    </Dialog>
  )
}

function Rows({ answer }: { answer: TableRows }) {
  return (
    <div className="mt-4">
      {answer.truncated && (
        <Notice className="mb-3" role="status">
          {texts.truncated}
        </Notice>
      )}
      <div className="max-h-[45dvh] overflow-auto rounded-lg border border-line" tabIndex={0}>
        <table aria-label={texts.result} className="w-full text-left text-sm">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {answer.columns.map((column, index) => (
                <th key={index} scope="col" className="whitespace-nowrap px-3 py-1.5 font-medium">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.rows.map((row, index) => (
              <tr key={index} className="border-line border-t">
                {row.map((value, column) => (
                  <td
                    key={column}
                    className="max-w-96 px-3 py-1.5 align-top tabular-nums [overflow-wrap:anywhere]"
                  >
                    {value === null ? <span className="text-muted">–</span> : String(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {answer.rows.length === 0 && <p className="px-3 py-2 text-muted text-sm">{texts.noRows}</p>}
      </div>
    </div>
  )
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
