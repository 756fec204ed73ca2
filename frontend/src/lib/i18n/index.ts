import { auth } from './en/auth'
import { chat } from './en/chat'
import { common } from './en/common'
import { catalogueLanguage } from './language'
import { fetchTexts } from './translated'

/**
 * Every text the app shows is in the folder `en`. Another language is one more folder of the same shape, which only
 * those fetch who read it, before the app is drawn; `language.ts` names them. Here are the texts that the chat needs;
 * each other room's are a file beside this one, which comes with the room's first page.
 */
const en = { ...common, auth, chat }

export type Catalogue = typeof en

/** To be read where it is shown: a text that is taken when a file is loaded may come before its translation. */
export const t: Catalogue = en

/** Has the app speak the language of this page, from when the promise is kept; null: it does already. */
export function speak(): Promise<void> | null {
  document.documentElement.lang = catalogueLanguage
  const fetching = fetchTexts()
  if (!fetching) return null
  return fetching.then((texts) => {
    if (texts) replace(t, texts.frame)
  })
}

/** Puts every text of one tree in the place of the other's, so that whoever holds a branch of it reads the new ones. */
function replace(tree: object, by: object): void {
  for (const [key, text] of Object.entries(by)) {
    const old: unknown = Reflect.get(tree, key)
    if (typeof text === 'object' && typeof old === 'object' && old) replace(old, text)
    else Reflect.set(tree, key, text)
  }
}
