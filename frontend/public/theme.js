// Sets the theme before the first paint; `lib/theme.ts` changes it later.
;(() => {
  let choice = 'system'
  try {
    choice = localStorage.getItem('roost-theme') ?? 'system'
  } catch {
    // Storage may be closed to us (private windows): the system's theme then.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#191815' : '#f8f6f1')
})()
