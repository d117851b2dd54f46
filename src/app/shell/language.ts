// The language as chosen on this device, else as the browser wishes. It also tells the document, for readers and hyphenation.
import { chooseLanguage, setLanguage, type Language } from '../text/translate.ts'

const storageKey = 'holdfast.language'

export function beginLanguage(): void {
  const kept = localStorage.getItem(storageKey)
  const language = chooseLanguage(kept === null ? navigator.languages : [kept])
  setLanguage(language)
  document.documentElement.lang = language
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(storageKey, language)
  document.documentElement.lang = language
}
