// The reference: what the simulated company's books must say, worked out in the plainest way from three things only: what
// devices were told when they saved, what each command means in words, and the order in which the hub committed. It
// also says what a device must show, which has a part of the rows and its own work on them. It shares no code with the
// kernel, the stores or sync, and must never look at what it judges.
import { isGiven, merged, type Merged } from './model-merge.ts'
import { least } from './model-order.ts'
import { made, meaningOfPeople } from './model-people.ts'
import { meaningOfPosting } from './model-postings.ts'
import { ModelReview } from './model-review.ts'
import { meaningOfShare, type Books } from './model-shares.ts'
import { meaningOfSlot } from './model-slots.ts'

/** A command as its device told it: saved under this number. */
export interface Told {
  readonly dev: string
  readonly ep: number
  readonly seq: number
  readonly seal: string
  /** By the device's own clock. */
  readonly at: number
  readonly command: string
  readonly args: Readonly<Record<string, unknown>>
  /** What the person saw of the edited note. */
  readonly seen: Readonly<Record<string, unknown>> | null
  /** Ids of the rows that the device said it made, by table. */
  readonly made: Readonly<Record<string, readonly string[]>>
  /** Where the person worked, by the lease. */
  readonly branch: string
  /** Of a decision about a parked command: that one's seal. */
  readonly item: string | null
  /** As it was first captured, in an earlier life of its device. */
  readonly was?: { readonly ep: number; readonly seq: number; readonly seal: string }
  /** The number on its receipt, if it has one. */
  readonly number: unknown
  /** An app of the older release captured it: its arguments are those of that release. */
  readonly isOlder: boolean
}

/** By the seal that it had in its first life one piece of work is known for ever. */
export const originOf = ({ was, seal }: Pick<Told, 'was' | 'seal'>): string => was?.seal ?? seal

/** How the hub names what only it can name: ids order rows that are equal otherwise. */
export interface Names {
  key(table: string, key: readonly string[]): string
  item(told: Told): string
  /** What only the hub makes, or the newer release, so that no device tells of it. `label`: as its command names the row. */
  hubMade(told: Told, label: string): string
}

/** How the hub came to a command, or its own device. */
export interface Circumstances {
  /** Its author had no right to it any more. */
  readonly needsPeople?: boolean
  /** Its author may ask for it no more. [AUTH8] */
  readonly isDenied?: boolean
  /** The older release decides. */
  readonly isOlder: boolean
}

export type Verdict = 'stands' | 'refused' | 'parked'

export interface ModelRow {
  readonly id: string
  isGone: boolean
  [field: string]: unknown
}

type Args = Readonly<Record<string, unknown>>
interface JobLine {
  readonly item: string
  readonly quantity: number
  readonly text?: string
}

/** An index of a database can't hold a longer text that doesn't compress. */
const ITEM_LENGTH_MAX = 2600

export interface Change {
  readonly table: string
  readonly id: string
  readonly before: ModelRow | undefined
  readonly row: ModelRow
}

export type ModelRows = Map<string, Map<string, ModelRow>>

export class Model {
  readonly tables: ModelRows
  /** `device/epoch/sequence code` */
  readonly exceptions: string[] = []
  /** `device row field kept lost`, as JSON. */
  readonly lost: string[] = []
  private readonly names: Names
  readonly review: ModelReview
  private readonly held: ReadonlySet<string> | null
  private isOlder = true
  private readonly verdicts = new Map<string, Verdict>()
  /** Notes that an edit brought back. */
  revived = 0
  private undo: (() => void)[] = []
  /** What the last command changed, in order. */
  changes: Change[] = []

  /**
   * On a device `tables` are the rows that it has of the buckets that it holds: it refuses and parks nothing, and what it doesn't have it can't change.
   */
  constructor(names: Names, held: ReadonlySet<string> | null = null, tables: ModelRows = new Map()) {
    this.names = names
    this.held = held
    this.tables = tables
    this.review = new ModelReview(this, (told) => names.item(told))
  }

  /** The next command in the hub's order, or in the device's. */
  commit(told: Told, { needsPeople = false, isDenied = false, isOlder }: Circumstances): Verdict {
    this.isOlder = isOlder
    this.undo = []
    this.changes = []
    // Whichever life brings it, it counts once.
    const origin = originOf(told)
    const before = this.verdicts.get(origin)
    if (before !== undefined) return before
    const verdict = isDenied && !needsPeople ? 'refused' : this.verdictOf(told, needsPeople)
    this.verdicts.set(origin, verdict)
    return verdict
  }

  private verdictOf(told: Told, needsPeople: boolean): Verdict {
    if (needsPeople) {
      if (told.command.startsWith('review.') && told.command !== 'review.reopen') return 'refused'
      this.review.park(told, false)
      return 'parked'
    }
    const verdict = this.attempt(told)
    if (verdict === 'parked') this.review.park(told, true)
    return verdict
  }

  /** What the command means now, or nothing of it. */
  attempt(told: Told): Verdict {
    const [undone, changed] = [this.undo.length, this.changes.length]
    const verdict = this.meaning(told)
    if (verdict === 'stands') return verdict
    for (const back of this.undo.splice(undone).toReversed()) back()
    this.changes.length = changed
    return verdict
  }

  private of(table: string): Map<string, ModelRow> {
    let rows = this.tables.get(table)
    if (rows === undefined) this.tables.set(table, (rows = new Map()))
    return rows
  }

  row(table: string, id: string): ModelRow | undefined {
    return this.of(table).get(id)
  }

  private living(table: string, fits: (row: ModelRow) => boolean): ModelRow[] {
    return [...this.of(table).values()].filter((row) => !row.isGone && fits(row))
  }

  put(table: string, id: string, fields: Readonly<Record<string, unknown>>): void {
    const rows = this.of(table)
    const before = rows.get(id)
    const row: ModelRow = { isGone: false, ...before, ...fields, id }
    rows.set(id, row)
    this.changes.push({ table, id, before, row })
    this.undo.push(() => (before === undefined ? rows.delete(id) : rows.set(id, before)))
  }

  private add(table: string, id: string, field: string, by: number): void {
    const now = Number(this.row(table, id)?.[field] ?? 0)
    this.put(table, id, { [field]: now + by })
  }

  private raise({ dev, ep, seq }: Told, code: string): void {
    this.exceptions.push(`${dev}/${ep}/${seq} ${code}`)
    this.undo.push(() => this.exceptions.pop())
  }

  private meaning(told: Told): Verdict {
    const { args: a } = told
    // A device only asks: the parked command itself lies on the hub.
    if (told.command.startsWith('review.')) return this.held === null ? this.review.decide(told) : 'stands'
    switch (told.command) {
      case 'sim.addNote':
        this.put('sim.note', made(told, 'sim.note'), { ...given(a), ...this.moodOf(told) })
        return 'stands'
      case 'sim.editNote':
        return this.editNote(told)
      case 'sim.removeNote': {
        const row = this.row('sim.note', String(a['note']))
        if (row === undefined || row.isGone) this.raise(told, 'NO_NOTE')
        else this.put('sim.note', row.id, { isGone: true, goneAt: told.at })
        return 'stands'
      }
      case 'sim.scoreNote':
        if (this.row('sim.note', String(a['note'])) === undefined) return this.held === null ? 'parked' : 'stands'
        this.add('sim.note', String(a['note']), 'score', Number(a['by']))
        return 'stands'
      case 'sim.replyNote': {
        const to = this.row('sim.note', String(a['to']))
        if (to === undefined && this.held === null) return 'parked'
        if (to !== undefined) this.add('sim.note', to.id, 'score', 1)
        this.put('sim.note', made(told, 'sim.note'), { title: a['title'] })
        return 'stands'
      }
      case 'sim.stampJob':
        if (this.row('sim.job', String(a['job'])) === undefined && this.held === null) this.raise(told, 'NO_JOB')
        else this.put('sim.stamp', made(told, 'sim.stamp'), { document: a['job'], said: a['said'] })
        return 'stands'
      case 'sim.addPhoto':
        this.put('sim.photo', made(told, 'sim.photo'), { note: a['note'], picture: a['picture'] })
        return 'stands'
      case 'sim.openJob':
        return this.openJob(told)
      case 'sim.payLowest':
        return this.payLowest(told)
      case 'sim.moveJob': {
        if (this.row('sim.job', String(a['job'])) === undefined) this.raise(told, 'NO_JOB')
        else this.put('sim.job', String(a['job']), given({ state: a['state'], branch: a['branch'], day: a['day'] }))
        return 'stands'
      }
      case 'sim.moveLine':
        return this.moveLine(told)
      case 'sim.receive':
        if (this.held === null && String(a['item']).length > ITEM_LENGTH_MAX) return 'parked'
        this.stock(a, { onHand: Number(a['quantity']) })
        this.put('sim.move', made(told, 'sim.move'), { branch: a['branch'], item: a['item'], quantity: a['quantity'] })
        return 'stands'
      case 'sim.reserve': {
        const shelf = this.row('sim.shelf', this.names.key('sim.shelf', [String(a['branch']), String(a['item'])]))
        const free = Number(shelf?.['onHand'] ?? 0) - Number(shelf?.['reserved'] ?? 0)
        if (this.held === null && free < Number(a['quantity'])) return 'refused'
        this.stock(a, { reserved: Number(a['quantity']) })
        return 'stands'
      }
      case 'sim.letGo': {
        const bucket = `stock:${String(a['branch'])}`
        const isThere = this.row('sim.shelf', this.names.key('sim.shelf', [String(a['branch']), String(a['item'])]))
        // Whoever doesn't hold the shelves of a branch can't say that there is none.
        const mayBe = isThere !== undefined || (this.held !== null && !this.held.has(bucket))
        if (mayBe) this.stock(a, { reserved: -Number(a['quantity']) })
        else this.raise(told, 'NO_SHELF')
        return 'stands'
      }
      case 'sim.countShelves': {
        const shelves = this.living('sim.shelf', (row) => row['branch'] === a['branch'])
        const most = shelves.reduce((sum, row) => sum + Number(row['onHand'] ?? 0), 0)
        this.put('sim.note', made(told, 'sim.note'), { title: `count of ${shelves.length}`, most })
        return 'stands'
      }
      case 'sim.poison':
        return this.poison(a)
      default: {
        const { books, people, names } = this
        const verdict =
          meaningOfSlot(books, told) ??
          meaningOfShare(books, told) ??
          meaningOfPeople(people, told) ??
          meaningOfPosting({ ...books, ...people }, names, told)
        if (verdict === null) throw new Error(`The reference doesn't know ${told.command}.`)
        return verdict
      }
    }
  }

  private readonly books: Books = {
    isDevice: () => this.held !== null,
    isOlder: () => this.isOlder,
    put: (table, key, fields) => this.put(table, this.names.key(table, key), fields),
    row: (table, key) => this.row(table, this.names.key(table, key)),
    rows: (table) => this.of(table).values(),
    add: (table, key, fields, field, by) => {
      const id = this.names.key(table, key)
      this.put(table, id, fields)
      this.add(table, id, field, by)
    },
    insert: (table, id, fields) => this.put(table, id, fields),
    raise: (told, code) => this.raise(told, code),
  }

  private readonly people = {
    row: this.row.bind(this),
    put: this.put.bind(this),
    add: this.add.bind(this),
    lose: this.lose.bind(this),
  }

  private editNote(told: Told): Verdict {
    const { note: id, ...wanted } = told.args as { note: string } & Args
    const row = this.row('sim.note', id)
    if (row === undefined) return this.held !== null || Object.keys(given(wanted)).length === 0 ? 'stands' : 'parked'
    const { changes, lost } = merged(row, given(wanted), told.seen)
    for (const each of lost) this.lose(told, id, each)
    // Whatever an edit changes brings the note back; one that lost every field changes nothing.
    if (row.isGone) {
      this.revived += 1
      // The removal is what lost, and can be done again.
      this.lose(told, id, { field: 'goneAt', kept: null, lost: row['goneAt'] })
      this.put('sim.note', id, { isGone: false })
    }
    if (Object.keys(changes).length > 0) this.put('sim.note', id, { ...changes, isGone: false })
    return 'stands'
  }

  private lose({ dev }: Told, id: string, { field, kept, lost }: Merged['lost'][number]): void {
    this.lost.push(JSON.stringify([dev, id, field, kept, lost]))
    this.undo.push(() => this.lost.pop())
  }

  /** Whose arguments don't speak of it yet, and whose do and say nothing. */
  private moodOf({ isOlder, args }: Told): object {
    if (this.isOlder) return {}
    return { mood: isOlder ? 'unasked' : (args['mood'] ?? 'calm') }
  }

  private openJob(told: Told): Verdict {
    const { args: a } = told
    const lines = a['lines'] as readonly JobLine[]
    const job = made(told, 'sim.job')
    const due = lines.reduce((sum, line) => sum + line.quantity * 100, 0)
    const { branch, day, rank } = a
    this.put('sim.job', job, { number: told.number, state: 'open', branch, day, rank, due, lines: lines.length })
    let notes = 0
    for (const [index, { item, quantity, text }] of lines.entries()) {
      const line = made(told, 'sim.jobLine', index)
      this.put('sim.jobLine', line, { document: job, item, quantity })
      if (isGiven(text)) this.put('sim.lineNote', made(told, 'sim.lineNote', notes++), { document: line, text })
      const shelf = this.row('sim.shelf', this.names.key('sim.shelf', [String(branch), item]))
      if (Number(shelf?.['onHand'] ?? 0) < quantity) this.raise(told, 'TOO_LITTLE')
      this.stock({ branch, item }, { onHand: -quantity })
      this.put('sim.move', made(told, 'sim.move', index), { branch, item, quantity: -quantity })
    }
    if (!this.isOlder) this.put('sim.stamp', this.names.hubMade(told, 'stamp'), { document: job, said: 'opened' })
    return 'stands'
  }

  private payLowest(told: Told): Verdict {
    const { branch, amount } = told.args
    const open = this.living('sim.job', (row) => row['branch'] === branch && row['state'] === 'open')
    const lowest = least(open, 'rank')
    if (lowest === undefined) {
      this.raise(told, 'NOTHING_OPEN')
      return 'stands'
    }
    const paid = Number(lowest['paid'] ?? 0) + Number(amount)
    this.put('sim.job', lowest.id, { paid, ...(paid >= Number(lowest['due']) && { state: 'closed' }) })
    return 'stands'
  }

  private moveLine(told: Told): Verdict {
    const { from, to, isGone } = told.args as { from: string; to: string; isGone: boolean }
    const line = least(
      this.living('sim.jobLine', (row) => row['document'] === from),
      'id',
    )
    if (line === undefined || this.row('sim.job', to) === undefined) {
      this.raise(told, 'NO_LINE')
      return 'stands'
    }
    if (this.held === null || this.row('sim.job', from) !== undefined) this.add('sim.job', from, 'lines', -1)
    if (isGone) this.put('sim.jobLine', line.id, { isGone: true })
    else {
      this.put('sim.jobLine', line.id, { document: to })
      this.add('sim.job', to, 'lines', 1)
    }
    return 'stands'
  }

  private stock(a: Args, deltas: Readonly<Record<string, number>>): void {
    const { branch, item } = a
    const id = this.names.key('sim.shelf', [String(branch), String(item)])
    this.put('sim.shelf', id, { branch, item })
    for (const [field, by] of Object.entries(deltas)) this.add('sim.shelf', id, field, by)
  }

  /** Only a device takes it, until the hub parked it and somebody mended it. */
  private poison(a: Args): Verdict {
    const { note, zone } = a
    const isThere = this.row('sim.note', String(note)) !== undefined
    if (this.held === null && !(isThere && a['isMended'] === true)) return 'parked'
    if (isThere) this.add('sim.note', String(note), 'score', 1_000)
    const id = this.names.key('sim.slot', [String(zone), 'poison'])
    this.put('sim.slot', id, { zone, name: 'poison' })
    this.add('sim.slot', id, 'uses', 1)
    return 'stands'
  }
}

function given(args: Args): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => isGiven(value)))
}
