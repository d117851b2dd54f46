// The language of the screens: one catalogue at a time, English behind it for what isn't translated yet. Keys are typed by the English
// catalogue, so that a sentence that doesn't exist fails the compiler and not the user.
import { de } from './de.ts'
import { en, type TextKey } from './en.ts'
import { formatMessage, type Params } from './message.ts'

export type { TextKey } from './en.ts'
export type { Params } from './message.ts'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

const catalogues: Record<Language, Partial<Record<TextKey, string>>> = { en, de }
const localeByLanguage: Record<Language, string> = { en: 'en-GB', de: 'de-DE' }
const listeners = new Set<() => void>()
let language: Language = 'en'

const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code)

export const currentLanguage = (): Language => language

/** The locale of numbers and dates: the browser's own region when it speaks the language, else the language's usual one. */
export function currentLocale(): string {
  const wished = globalThis.navigator?.languages ?? []
  return wished.find((tag) => tag.startsWith(`${language}-`)) ?? localeByLanguage[language]
}

/** The first language that we speak of those wished for; English otherwise. */
export function chooseLanguage(wished: readonly string[]): Language {
  for (const tag of wished) {
    const code = tag.slice(0, 2).toLowerCase()
    if (isLanguage(code)) return code
  }
  return 'en'
}

export function setLanguage(chosen: Language): void {
  language = chosen
  for (const listener of listeners) listener()
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The sentence of a key in the current language. */
export function t(key: TextKey, params: Params = {}): string {
  return formatMessage(catalogues[language][key] ?? en[key], params, currentLocale())
}

/** Whether the catalogue has this key; for keys that are built from a code (refusals, exceptions). */
export const hasText = (key: string): key is TextKey => Object.hasOwn(en, key)
