// The language as chosen on this device, else as the browser wishes. It also tells the document, for readers and hyphenation.
import { chooseLanguage, loadLanguage, setLanguage, type Language } from '../text/translate.ts'

const storageKey = 'holdfast.language'

async function speak(language: Language): Promise<void> {
  await loadLanguage(language)
  setLanguage(language)
  document.documentElement.lang = language
}

export function beginLanguage(): Promise<void> {
  const kept = localStorage.getItem(storageKey)
  return speak(chooseLanguage(kept === null ? navigator.languages : [kept]))
}

/** Speaks another language from now on, also after the next start. Rejects when its sentences can't be had. */
export async function changeLanguage(language: Language): Promise<void> {
  await speak(language)
  localStorage.setItem(storageKey, language)
}
