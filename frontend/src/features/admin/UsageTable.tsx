import type { UsageRow } from '@/lib/api/types'
import { formatCost } from '@/lib/cost'
import { formatNumber } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'

const texts = adminTexts.usage
const CELL = 'py-2 pl-3 font-[inherit] sm:pl-4'
/** On a phone there is no room for it. */
const WIDE_ONLY = `${CELL} hidden sm:table-cell`

/** The numbers, most used first, with their sum. */
export function UsageTable({ head, rows }: { head: string; rows: UsageRow[] }) {
  const total = rows.reduce(
    (sum, row) => ({
      runs: sum.runs + row.runs,
      failed: sum.failed + row.failed,
      tokens: sum.tokens + row.input_tokens + row.output_tokens,
      cost: sum.cost + row.cost,
      unpriced: sum.unpriced + row.unpriced_tokens,
    }),
    { runs: 0, failed: 0, tokens: 0, cost: 0, unpriced: 0 },
  )
  return (
    <div className="mt-6 overflow-x-auto" tabIndex={0}>
      <table className="w-full text-right sm:min-w-md text-sm tabular-nums">
        <thead className="text-muted text-xs">
          <tr className="border-line border-b font-medium">
            <th scope="col" className="py-2 text-left font-medium">
              {head}
            </th>
            {[texts.runs, texts.failed, texts.tokens, texts.cost].map((name) => (
              <th key={name} scope="col" className={name === texts.failed ? WIDE_ONLY : CELL}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? row.label} className="border-line border-b">
              <th scope="row" className="max-w-28 truncate sm:max-w-64 py-2 text-left font-normal">
                {row.label || texts.nobody}
              </th>
              <td className={CELL}>{formatNumber(row.runs)}</td>
              <td className={WIDE_ONLY}>{formatNumber(row.failed)}</td>
              <td className={CELL}>{formatNumber(row.input_tokens + row.output_tokens)}</td>
              <td className={CELL}>{formatCost(row.cost, row.unpriced_tokens === 0)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-medium">
            <th scope="row" className="py-2 text-left">
              {texts.total}
            </th>
            <td className={CELL}>{formatNumber(total.runs)}</td>
            <td className={WIDE_ONLY}>{formatNumber(total.failed)}</td>
            <td className={CELL}>{formatNumber(total.tokens)}</td>
            <td className={CELL}>{formatCost(total.cost, total.unpriced === 0)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}
