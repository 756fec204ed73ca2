const BASE =
  'inline-flex min-h-9 items-center gap-2 rounded-lg px-3.5 py-1.5 font-medium text-sm transition-colors'

/** A link that looks like a button, because it leads somewhere and does not do something. */
export const LINK_BUTTON = `${BASE} border border-line bg-raised hover:border-line-strong`
export const LINK_BUTTON_PRIMARY = `${BASE} bg-accent text-on-accent hover:bg-accent-strong`
