import type { UsageRow } from '@/lib/api/types'
import { formatNumber } from '@/lib/format'
import { adminTexts } from '@/lib/i18n/admin'

const texts = adminTexts.usage

/** The numbers, most used first, with their sum. */
export function UsageTable({ head, rows }: { head: string; rows: UsageRow[] }) {
  const total = rows.reduce(
    (sum, row) => ({
      runs: sum.runs + row.runs,
      failed: sum.failed + row.failed,
      tokens: sum.tokens + row.input_tokens + row.output_tokens,
      cost: sum.cost + row.cost,
    }),
    { runs: 0, failed: 0, tokens: 0, cost: 0 },
  )
  return (
    <div className="mt-6 overflow-x-auto" tabIndex={0}>
      <table className="w-full min-w-md text-right text-sm tabular-nums">
        <thead className="text-muted text-xs">
          <tr className="border-line border-b">
            <th scope="col" className="py-2 text-left font-medium">
              {head}
            </th>
            {[texts.runs, texts.failed, texts.tokens, texts.cost].map((name) => (
              <th key={name} scope="col" className="py-2 pl-4 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? row.label} className="border-line border-b">
              <th scope="row" className="max-w-64 truncate py-2 text-left font-normal">
                {row.label || texts.nobody}
              </th>
              <td className="py-2 pl-4">{formatNumber(row.runs)}</td>
              <td className="py-2 pl-4">{formatNumber(row.failed)}</td>
              <td className="py-2 pl-4">{formatNumber(row.input_tokens + row.output_tokens)}</td>
              <td className="py-2 pl-4">{money(row.cost)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-medium">
            <th scope="row" className="py-2 text-left">
              {texts.total}
            </th>
            <td className="py-2 pl-4">{formatNumber(total.runs)}</td>
            <td className="py-2 pl-4">{formatNumber(total.failed)}</td>
            <td className="py-2 pl-4">{formatNumber(total.tokens)}</td>
            <td className="py-2 pl-4">{money(total.cost)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function money(value: number): string {
  return formatNumber(value, { style: 'currency', currency: 'USD', maximumFractionDigits: 4 })
}
