import { formatNumber } from './format'
import { t } from './i18n'

/** US dollars in words: "$0.25", or "over $0.25" and "not known" where `cost` is not `all` of it. */
export function formatCost(cost: number, all: boolean, options: Intl.NumberFormatOptions = {}): string {
  if (cost === 0 && !all) return t.cost.unknown
  const known = formatNumber(cost, { style: 'currency', currency: 'USD', ...options })
  return all ? known : t.cost.atLeast(known)
}
