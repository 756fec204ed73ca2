import { catalogueLanguage } from './language'

type Texts = typeof import('./de')

/** The texts of a language other than English, once they were fetched. */
let fetched: Texts | null = null

/** Fetches the texts of the page's language; null for English, whose texts are where they are shown. */
export function fetchTexts(): Promise<Texts | null> | null {
  if (catalogueLanguage !== 'de') return null
  return import('./de').then(
    (texts) => {
      fetched = texts
      return texts
    },
    // Without them, everything is said in English rather than not at all.
    () => null,
  )
}

/** The texts of the page's language, as far as they are not English and were fetched. */
export function translated(): Texts | null {
  return fetched
}
