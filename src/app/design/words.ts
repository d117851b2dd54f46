// The texts and formats for screens: what a module's screen may use of the app's catalogue.
import { useSyncExternalStore } from 'react'
import { currentLanguage, onLanguage, type Language } from '../text/translate.ts'

export { commandText, dutyText, exceptionText, refusalText } from '../text/refusal-text.ts'
export { currentLocale, t, type TextKey } from '../text/translate.ts'

/** The current language; a component that uses it renders again when the language is switched. */
export const useLanguage = (): Language => useSyncExternalStore(onLanguage, currentLanguage)
