// The language of the screens: one catalogue at a time. What the start and the shell say is always there in English; the words of the screens
// come with the first screen, another language when it is chosen. Keys are typed by the English catalogue, so that a sentence that doesn't
// exist fails the compiler and not the user.
import { assert } from '../../kernel/assert.ts'
import type { TextKey } from './en.ts'
import { firstEn } from './first-en.ts'
import { formatMessage, type Params } from './message.ts'

export type { TextKey } from './en.ts'
export type { Params } from './message.ts'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

type Catalogue = Readonly<Partial<Record<TextKey, string>>>
const catalogues = new Map<Language, Catalogue>([['en', firstEn]])
const load: Readonly<Record<Language, () => Promise<Readonly<Record<TextKey, string>>>>> = {
  en: () => import('./en.ts').then(({ en }) => en),
  de: () => import('./de.ts').then(({ de }) => de),
}
const loading = new Map<Language, Promise<void>>()
const localeByLanguage: Record<Language, string> = { en: 'en-GB', de: 'de-DE' }
const listeners = new Set<() => void>()
let language: Language = 'en'
let catalogue: Catalogue = firstEn

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

/** Brings all of a language's sentences here; it may then be set. Rejects when they can't be had (never offline: every file is kept). */
export function loadLanguage(wished: Language): Promise<void> {
  const begun = loading.get(wished)
  if (begun !== undefined) return begun
  const whole = load[wished]().then((sentences) => {
    catalogues.set(wished, sentences)
    if (language === wished) catalogue = sentences
  })
  loading.set(wished, whole)
  // Another try may have better luck.
  whole.catch(() => loading.delete(wished))
  return whole
}

/** For code that is loaded when it is shown: its words come with it. */
export const withWords =
  <M>(loadModule: () => Promise<M>) =>
  async (): Promise<M> => {
    const [module] = await Promise.all([loadModule(), loadLanguage(language)])
    return module
  }

/** Whether enough of it is here to begin. */
export const maySpeak = (wished: Language): boolean => catalogues.has(wished)

/** Speaks a loaded language from now on. */
export function setLanguage(chosen: Language): void {
  const loaded = catalogues.get(chosen)
  assert(loaded !== undefined, `The language ${chosen} is loaded before it is set.`)
  language = chosen
  catalogue = loaded
  for (const listener of listeners) listener()
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The sentence of a key in the current language. */
export function t(key: TextKey, params: Params = {}): string {
  const sentence = catalogue[key]
  assert(sentence !== undefined, `The words of ${key} are loaded before they are said.`)
  return formatMessage(sentence, params, currentLocale())
}

/** Whether the catalogue has this key; for keys that are built from a code (refusals, exceptions). */
export const hasText = (key: string): key is TextKey => Object.hasOwn(catalogue, key)
