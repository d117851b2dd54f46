// Message patterns in a small part of ICU: `{name}`, `{n, number}`, `{at, time}`, `{day, date}`, `{sum, money}`, `{q, quantity}`, `{size, bytes}` and
// `{n, plural, =0 {none} one {# row} other {# rows}}`. Parsed once a pattern; it never evaluates code and never yields HTML.
import { assert } from '../../kernel/assert.ts'
import { formatBytes, formatDay, formatMoney, formatNumber, formatQuantity, formatTime } from './format.ts'

export type Param = string | number | boolean | null | undefined | readonly (string | number)[]
export type Params = { readonly [name: string]: Param }

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hash' }
  | { readonly kind: 'value'; readonly name: string; readonly style: string }
  | { readonly kind: 'plural'; readonly name: string; readonly cases: ReadonlyMap<string, readonly Part[]> }

const parsed = new Map<string, readonly Part[]>()

/** The sentence of a pattern in a locale. An absent parameter shows as `–`, so that a screen never breaks on a fact. */
export function formatMessage(pattern: string, params: Params, locale: string): string {
  let parts = parsed.get(pattern)
  if (parts === undefined) {
    parts = new Parser(pattern).whole()
    parsed.set(pattern, parts)
  }
  return render(parts, params, locale, 0)
}

function render(parts: readonly Part[], params: Params, locale: string, hash: number): string {
  let sentence = ''
  for (const part of parts) {
    if (part.kind === 'text') sentence += part.text
    else if (part.kind === 'hash') sentence += formatNumber(hash, locale)
    else if (part.kind === 'value') sentence += show(params[part.name], part.style, params, locale)
    else {
      const count = Number(params[part.name] ?? 0)
      const rule = new Intl.PluralRules(locale).select(count)
      const chosen = part.cases.get(`=${count}`) ?? part.cases.get(rule) ?? part.cases.get('other')
      assert(chosen !== undefined, `A plural of ${part.name} needs the case "other".`)
      sentence += render(chosen, params, locale, count)
    }
  }
  return sentence
}

function show(value: Param, style: string, params: Params, locale: string): string {
  if (value === undefined || value === null || value === '') return '–'
  if (typeof value === 'object') return value.join(', ')
  switch (style) {
    case 'number':
      return formatNumber(Number(value), locale)
    case 'money':
      return formatMoney(Number(value), typeof params['currency'] === 'string' ? params['currency'] : null, locale)
    case 'quantity':
      return formatQuantity(Number(value), locale)
    case 'bytes':
      return formatBytes(Number(value), locale)
    case 'date':
      return formatDay(value as string | number, locale)
    case 'time':
      return formatTime(Number(value), locale)
    default:
      return typeof value === 'number' ? formatNumber(value, locale) : String(value)
  }
}

class Parser {
  private readonly pattern: string
  private at = 0

  constructor(pattern: string) {
    this.pattern = pattern
  }

  whole(): readonly Part[] {
    const parts = this.parts(false)
    assert(this.at === this.pattern.length, `The pattern "${this.pattern}" has a } too many.`)
    return parts
  }

  private parts(isNested: boolean): readonly Part[] {
    const parts: Part[] = []
    let text = ''
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text })
      text = ''
    }
    for (; this.at < this.pattern.length; this.at++) {
      const character = this.pattern[this.at] ?? ''
      if (character === '}') break
      if (character === '#' && isNested) {
        flush()
        parts.push({ kind: 'hash' })
      } else if (character === '{') {
        flush()
        parts.push(this.argument())
      } else text += character
    }
    flush()
    return parts
  }

  /** From `{` to its `}`; leaves `at` on the `}`. */
  private argument(): Part {
    const end = this.pattern.indexOf('}', this.at)
    const comma = this.pattern.indexOf(',', this.at)
    assert(end > 0, `The pattern "${this.pattern}" has an open {.`)
    if (comma === -1 || comma > end) {
      const name = this.pattern.slice(this.at + 1, end).trim()
      this.at = end
      return { kind: 'value', name, style: '' }
    }
    const name = this.pattern.slice(this.at + 1, comma).trim()
    const rest = /^\s*plural\s*,/.exec(this.pattern.slice(comma + 1))
    if (rest === null) {
      const style = this.pattern.slice(comma + 1, end).trim()
      this.at = end
      return { kind: 'value', name, style }
    }
    this.at = comma + 1 + rest[0].length
    return { kind: 'plural', name, cases: this.cases() }
  }

  private cases(): ReadonlyMap<string, readonly Part[]> {
    const cases = new Map<string, readonly Part[]>()
    for (;;) {
      const next = /^\s*([=\w]+)\s*\{/.exec(this.pattern.slice(this.at))
      if (next === null) break
      this.at += next[0].length
      cases.set(next[1] ?? '', this.parts(true))
      assert(this.pattern[this.at] === '}', `A plural in "${this.pattern}" has an open {.`)
      this.at++
    }
    while (this.pattern[this.at] === ' ') this.at++
    assert(this.pattern[this.at] === '}', `The plural in "${this.pattern}" isn't closed.`)
    return cases
  }
}
