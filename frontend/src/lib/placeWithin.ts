/**
 * Where a passage stands within its document, for beside the document's title: the outermost heading is often the title
 * itself, and need not be said twice.
 */
export function placeWithin(title: string, place: string | null): string {
  if (!place || place === title) return ''
  return place.startsWith(`${title} › `) ? place.slice(title.length + 3) : place
}
