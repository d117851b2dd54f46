// Chance of the simulated world: everything that could be otherwise comes from one number. Dice for one purpose never
// move the dice of another, so that dropping a step of a plan leaves the other steps what they were.
import { chanceOf, type Chance } from '../crash-vfs.ts'

const FNV_PRIME = 0x01000193
const FNV_START = 0x811c9dc5

/** A seed for one purpose: another label gives another one. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = FNV_START
  for (const char of parts.join('\n')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), FNV_PRIME)
  return hash >>> 0
}

export class Dice {
  private readonly seed: number
  /** A number in [0, 1). */
  readonly chance: Chance

  constructor(seed: number) {
    this.seed = seed
    this.chance = chanceOf(seed)
  }

  fork(...label: readonly (string | number)[]): Dice {
    return new Dice(seedOf(this.seed, ...label))
  }

  /** 0 … below. */
  whole(below: number): number {
    return Math.floor(this.chance() * below)
  }

  between(least: number, most: number): number {
    return least + this.whole(most - least + 1)
  }

  isOneIn(n: number): boolean {
    return this.whole(n) === 0
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.whole(from.length)]
    if (picked === undefined) throw new RangeError('There is nothing to pick from.')
    return picked
  }

  /** By weight. */
  pickOf<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights) as [T, number][]
    let at = this.chance() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) if ((at -= weight) < 0) return name
    return (entries.at(-1) as [T, number])[0]
  }

  /** Most are small, some are large: `most` is the largest. */
  skewed(most: number): number {
    return Math.floor(this.chance() ** 4 * most)
  }
}
