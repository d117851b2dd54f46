// The language as chosen on this device, else as the browser wishes. It also tells the document, for readers and hyphenation.
import { chooseLanguage, loadLanguage, maySpeak, setLanguage, type Language } from '../text/translate.ts'

const storageKey = 'holdfast.language'

function speak(language: Language): void {
  setLanguage(language)
  document.documentElement.lang = language
}

/** What the start and the shell say is enough: the words of the screens come with the first of them. */
export async function beginLanguage(): Promise<void> {
  const kept = localStorage.getItem(storageKey)
  const language = chooseLanguage(kept === null ? navigator.languages : [kept])
  if (!maySpeak(language)) await loadLanguage(language)
  speak(language)
}

/** Speaks another language from now on, also after the next start. Rejects when its sentences can't be had. */
export async function changeLanguage(language: Language): Promise<void> {
  await loadLanguage(language)
  speak(language)
  localStorage.setItem(storageKey, language)
}
