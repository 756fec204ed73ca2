const GAP = 4
const EDGE = 8

/** Puts a fixed element under its button, or above it where the window ends, and inside the window's sides. */
export function placeBeside(element: HTMLElement, anchor: HTMLElement): void {
  const from = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = element
  const below = from.bottom + GAP + height <= window.innerHeight - EDGE
  const top = below ? from.bottom + GAP : Math.max(EDGE, from.top - GAP - height)
  const left = Math.min(Math.max(EDGE, from.right - width), window.innerWidth - width - EDGE)
  element.style.top = `${top}px`
  element.style.left = `${Math.max(EDGE, left)}px`
}
