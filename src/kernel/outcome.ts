// What a pure calculation answers when the world may hand it something that does not fit: the value, or a code with
// the facts that name what is wrong. It never throws, and it never carries text meant for a screen.

export interface Unfit<C extends string> {
  readonly ok: false
  readonly code: C
  /** What a translated sentence needs: the line, the limit, the piece of text. */
  readonly facts: Readonly<Record<string, string | number>>
}

export type Outcome<T, C extends string> = { readonly ok: true; readonly value: T } | Unfit<C>

export const fit = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })

export const unfit = <C extends string>(code: C, facts: Unfit<C>['facts'] = {}): Unfit<C> => ({
  ok: false,
  code,
  facts,
})
