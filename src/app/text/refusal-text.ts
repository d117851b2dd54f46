// Refusals, exceptions and faults as sentences. A code without a sentence of its own still says something true and shows its code, so that
// a new rule is never silent on an old screen.
import type { Facts } from '../../kernel/refusal.ts'
import { hasText, t } from './translate.ts'

/** The sentence for a refusal's code: its own text, else a general one that names the code. */
export function refusalText(code: string, facts: Facts = {}): string {
  const key = `refusal.${code}`
  return hasText(key) ? t(key, facts) : t('refusal.unknown', { code })
}

/** The sentence for a named exception such as OVERSOLD. */
export function exceptionText(code: string, facts: Facts = {}): string {
  const key = `exception.${code}`
  // A list of exceptions is read by what each is about.
  const named = `${key}-named`
  if (typeof facts['name'] === 'string' && hasText(named)) return t(named, facts)
  return hasText(key) ? t(key, facts) : refusalText(code, facts)
}

/** What a command is called in lists: `pos.completeSale` → its own text, else the words of its name. */
export function commandText(name: string): string {
  const key = `command.${name}`
  if (hasText(key)) return t(key)
  const words = (name.split('.')[1] ?? name).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Who looks at an exception, by the duty that owns it. */
export const dutyText = (duty: string): string => {
  const key = `duty.${duty}`
  return hasText(key) ? t(key) : duty
}
