import { formatNumber } from './format'
import { t } from './i18n'

/** US dollars in words: "$0.25", or "over $0.25" and "not known" where `cost` is not `all` of it. */
export function formatCost(cost: number, all: boolean): string {
  if (cost === 0 && !all) return t.cost.unknown
  const known = formatNumber(cost, { style: 'currency', currency: 'USD', ...digitsOf(cost) })
  return all ? known : t.cost.atLeast(known)
}

/** Many an answer costs less than a cent. */
function digitsOf(cost: number): Intl.NumberFormatOptions {
  if (cost === 0 || cost >= 1) return {}
  return cost < 0.01 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 4 }
}
