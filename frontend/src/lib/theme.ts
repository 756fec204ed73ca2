export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'roost-theme'
const PAPER = { light: '#f8f6f1', dark: '#191815' }

export function themeChoice(): ThemeChoice {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Keeps the choice in this browser and paints it at once. */
export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice)
  applyTheme()
}

/** Paints the chosen theme; call again when the system's own preference changes. */
export function applyTheme(): void {
  const choice = themeChoice()
  const dark =
    choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  const theme = dark ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', PAPER[theme])
}
