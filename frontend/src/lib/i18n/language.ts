/** The languages there is a catalogue of, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof LANGUAGES

const KEY = 'roost-language'

function isLanguage(tag: string | null): tag is Language {
  return tag !== null && Object.hasOwn(LANGUAGES, tag)
}

/** The language that was chosen in this browser; null: as the browser is set. */
export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(KEY)
  return isLanguage(stored) ? stored : null
}

/** The first of the browser's languages that there is a catalogue of, else English. */
export function browserLanguage(): Language {
  return navigator.languages.map((tag) => tag.split('-')[0] ?? '').find(isLanguage) ?? 'en'
}

/** Keeps the choice in this browser; the page has to be loaded again, since texts are read when it starts. */
export function chooseLanguage(language: Language | null): void {
  if (language) localStorage.setItem(KEY, language)
  else localStorage.removeItem(KEY)
}

/** The language of this page. */
export const catalogueLanguage: Language = chosenLanguage() ?? browserLanguage()

/** BCP 47 tag that dates and numbers are written in: the browser's own kind of that language, such as `en-GB`. */
export const language: string =
  navigator.languages.find((tag) => tag.split('-')[0] === catalogueLanguage) ?? catalogueLanguage
