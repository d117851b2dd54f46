// What the reference knows of parked commands: each is one item until people decide about it. Sent again or forced it means
// what it means now, and what waits for it follows in the hub's order; discarded it stays without effect. [REV2] [REV4]
import type { ModelRow, Told, Verdict } from './model.ts'

const ITEM = 'kernel.reviewItem'
const ROW_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The reference's books, as far as review needs them. */
export interface Books {
  row(table: string, id: string): ModelRow | undefined
  put(table: string, id: string, fields: Readonly<Record<string, unknown>>): void
  /** All of it or nothing. */
  attempt(told: Told): Verdict
}

interface Item {
  readonly id: string
  readonly told: Told
}

export class ModelReview {
  private readonly books: Books
  private readonly idOf: (told: Told) => string
  /** By seal, in the order in which the hub parked them. */
  private readonly items = new Map<string, Item>()
  /** Commands that ran because what they had waited for did. */
  followed = 0

  constructor(books: Books, idOf: (told: Told) => string) {
    this.books = books
    this.idOf = idOf
  }

  /** `mayWait`: no other command mends that its author had no right to it. */
  park(told: Told, mayWait: boolean): void {
    const id = this.idOf(told)
    const { dev, ep, seq, command, branch } = told
    const waitsFor = mayWait ? this.parentOf(told) : null
    this.items.set(told.seal, { id, told })
    this.books.put(ITEM, id, { dev, ep, seq, command, branch, state: 'open', waitsFor, remark: null })
  }

  decide({ command, item: about, args }: Told): Verdict {
    const item = about === null ? undefined : this.items.get(about)
    const state = item === undefined ? null : this.stateOf(item.id)
    if (item === undefined || state === null) return 'refused'
    if (command === 'review.reopen') return this.reopen(item, state)
    if (state !== 'open') return 'refused'
    const remark = args['reason'] ?? null
    if (command === 'review.discard') {
      this.books.put(ITEM, item.id, { state: 'discarded', remark })
      return 'stands'
    }
    const isForced = command === 'review.force'
    return this.again(item, isForced ? 'forced' : 'resubmitted', {
      remark,
      args: isForced ? undefined : (args['args'] as Told['args'] | undefined),
    })
  }

  private reopen(item: Item, state: string): Verdict {
    if (state !== 'discarded') return 'refused'
    this.books.put(ITEM, item.id, { state: 'open', remark: null })
    return 'stands'
  }

  private again(
    item: Item,
    state: 'forced' | 'resubmitted',
    given: { readonly remark: unknown; readonly args: Told['args'] | undefined },
  ): Verdict {
    const waiting = this.waitingFor(new Set([item.id]))
    if (this.books.attempt(given.args === undefined ? item.told : edited(item.told, given.args)) !== 'stands')
      return 'refused'
    this.books.put(ITEM, item.id, { state, remark: given.remark })
    for (const child of waiting) {
      const parent = this.books.row(ITEM, child.id)?.['waitsFor'] as string
      if (this.stateOf(parent) === 'open' || this.stateOf(child.id) !== 'open') continue
      const stands = this.books.attempt(child.told) === 'stands'
      if (stands) this.followed += 1
      this.books.put(
        ITEM,
        child.id,
        stands ? { state: 'resubmitted' } : { waitsFor: this.parentOf(child.told, child.id) },
      )
    }
    return 'stands'
  }

  /** What waits for one of them, or for what waits for them, in the order in which it was parked. */
  private waitingFor(above: Set<string>): Item[] {
    let before: number
    do {
      before = above.size
      for (const { id } of this.items.values()) {
        const row = this.books.row(ITEM, id)
        if (row?.['state'] === 'open' && above.has(String(row['waitsFor']))) above.add(id)
      }
    } while (above.size > before)
    const left = [...this.items.values()].filter(({ id }) => {
      const row = this.books.row(ITEM, id)
      return row?.['state'] === 'open' && above.has(String(row['waitsFor']))
    })
    // Nothing runs before what it waits for, whatever came first.
    const ordered: Item[] = []
    while (left.length > 0) {
      const free = left.findIndex(({ id }) => !left.some((other) => other.id === this.parentNoted(id)))
      ordered.push(...left.splice(Math.max(free, 0), 1))
    }
    return ordered
  }

  private parentNoted(id: string): unknown {
    return this.books.row(ITEM, id)?.['waitsFor']
  }

  /** Whether a chain of waiting leads from one to the other, through what was decided too. */
  private leadsTo(from: string, to: string | undefined): boolean {
    const passed: unknown[] = []
    for (let at: unknown = from; typeof at === 'string' && !passed.includes(at); at = this.parentNoted(at)) {
      passed.push(at)
    }
    return passed.includes(to)
  }

  private stateOf(id: string): string | null {
    const row = this.books.row(ITEM, id)
    return row === undefined ? null : String(row['state'])
  }

  /**
   * The open item of the moment that an id in its arguments was made, the youngest moment first: what its own device saved last before it,
   * else another device's; none that waits for it.
   */
  private parentOf(told: Told, own?: string): string | null {
    const moments = [...new Set(namedIn(told.args).map(momentOf))].sort((a, b) => b - a)
    for (const moment of moments) {
      const open = [...this.items.values()]
        .filter(({ id, told: it }) => it.at === moment && this.stateOf(id) === 'open' && !this.leadsTo(id, own))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
      const before = open.filter(({ told: it }) => it.dev === told.dev && savedBefore(it, told))
      const parent = lastSaved(before) ?? open.find(({ told: it }) => it.dev !== told.dev)
      if (parent !== undefined) return parent.id
    }
    return null
  }
}

/** What its author saw of a row says nothing about another one, and what somebody writes today is of today's release. */
function edited(told: Told, args: Told['args']): Told {
  return { ...told, args, isOlder: false, seen: args['note'] === told.args['note'] ? told.seen : null }
}

const savedBefore = (a: Told, b: Told): boolean => a.ep < b.ep || (a.ep === b.ep && a.seq < b.seq)
const lastSaved = (items: readonly Item[]): Item | undefined =>
  items.find((each) => items.every((other) => other === each || savedBefore(other.told, each.told)))

/** An id begins with the 48 bits of its command's capture time. [ROW1] */
const momentOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

function namedIn(value: unknown): string[] {
  if (typeof value === 'string') return ROW_ID.test(value) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namedIn) : []
}
