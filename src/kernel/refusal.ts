// A refusal: the expected business "no", as plain data with a stable code. The context unwinds a handler with
// `RefusedSignal`, which never leaves the kernel: whoever runs a command gets the refusal as a value.

export type Facts = { readonly [fact: string]: string | number | boolean | null | readonly (string | number)[] }

/** Stable code `module.what-is-wrong`, translated on screen with its facts. */
export type RuleCode = `${string}.${string}`

export interface Refusal {
  readonly code: RuleCode
  readonly facts: Facts
  /** shape: the arguments alone are wrong · rule: stored state forbids it · authority: the lease doesn't allow it. */
  readonly check: 'shape' | 'rule' | 'authority'
}

/** A named exception (documents.md §19): the fact stands, people look at it. */
export interface RaisedException {
  readonly code: string
  readonly facts: Facts
}

export class RefusedSignal extends Error {
  override readonly name = 'RefusedSignal'
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}
