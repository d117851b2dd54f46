// Forgets erased people on this device, in the transaction that brings the news: what waiting and kept commands say about them, what work
// predicted, what was set aside, drafted, noted or half downloaded. Lines and seals stay, so the chain verifies and every command is still
// sent. It never reaches a rescue file or a photo that somebody took out of the device. [ERASE4]
import type { AnyField } from '../../kernel/field.ts'
import { blobFieldsOf, blobsIn } from '../../kernel/blob.ts'
import { erasedValue, isErased, personalFieldsOf, pseudonymOf, subjectsOf } from '../../kernel/erasure.ts'
import { momentOfId } from '../../kernel/hash.ts'
import type { AnyRow, AnyTable } from '../../kernel/table.ts'
import { codecOf, forgetsWords } from '../../store/sqlite/device-tables.ts'
import type { Personal } from '../protocol.ts'
import type { Replica } from './replica.ts'

interface KeptCommand {
  readonly seq: number
  readonly line: string
  readonly pd: string | null
  readonly about: string
  readonly at: number
  readonly subjects: string | null
  readonly isSettled: number
}

/** Shorter ones stand in too much that is about nobody. */
const TELLING_LENGTH_MIN = 4

export class Purge {
  private readonly replica: Replica
  private readonly people: ReadonlySet<string>
  /** Ids of the people and of all rows about them. */
  private readonly ids: Set<string>
  /** What is said of them here, to be found again in what has no structure. */
  private readonly said = new Set<string>()
  private readonly photos = new Set<string>()
  private readonly seqs = new Set<number>()
  private commands = 0

  constructor(replica: Replica, people: Iterable<string>) {
    this.replica = replica
    this.people = new Set(people)
    this.ids = new Set(this.people)
    for (const { table, row } of this.rows()) this.learn(table, row)
  }

  /** Rows about them: live ones, and the hub's images of those that work has changed. */
  private *rows(): Generator<{ readonly table: AnyTable; readonly row: AnyRow; readonly isShadow: boolean }> {
    const { db, catalogue, touches } = this.replica
    for (const table of catalogue.tables.values()) {
      if (table.subject.length === 0) continue
      const { selected, decode } = codecOf(table)
      const columns = table.subject.map((field) => codecOf(table).columns[table.fieldNames.indexOf(field) + 2] ?? 'id')
      const where = columns.map((column) => `${column} IN (SELECT value FROM json_each(?1))`).join(' OR ')
      const params = [JSON.stringify([...this.people])]
      for (const row of db.all(`SELECT ${selected} FROM ${table.sqlName} WHERE ${where}`, params))
        yield { table, row: decode(row), isShadow: false }
      for (const row of touches.shadowsOf(table))
        if (this.erasedOf(table, row) !== undefined) yield { table, row, isShadow: true }
    }
  }

  private erasedOf(table: AnyTable, row: AnyRow): string | undefined {
    return subjectsOf(table, row.id, row).find((subject) => this.people.has(subject))
  }

  private learn(table: AnyTable, row: AnyRow): void {
    this.ids.add(row.id)
    if (blobFieldsOf(table).length > 0) for (const sha of blobsIn(table.fields, row)) this.photos.add(sha)
    for (const field of personalFieldsOf(table)) this.remember(row[field])
  }

  private remember(value: unknown): void {
    if (typeof value === 'string') {
      if (value.length >= TELLING_LENGTH_MIN) this.said.add(value)
    } else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) this.remember(inner)
  }

  /** What commands say of them goes. Returns those that are predicted and have to run again. Before the rows that were pulled are written. */
  fromWork(): readonly number[] {
    const { db } = this.replica
    const again: number[] = []
    const kept = db.all<KeptCommand>(
      'SELECT seq, line, pd, about, at, subjects, is_settled AS isSettled FROM outbox ORDER BY seq',
    )
    for (const command of kept) {
      if (!this.isAbout(command)) continue
      this.seqs.add(command.seq)
      const pd = this.without(command.pd)
      if (pd !== command.pd) this.commands += 1
      db.run('UPDATE outbox SET pd = ?, about = ? WHERE seq = ?', [pd, this.scrubbed(command.about), command.seq])
      if (command.isSettled === 0) again.push(command.seq)
    }
    return again
  }

  /** A command of an older release didn't say whom it was about: then the ids in its line do, or that it made one of the rows. */
  private isAbout({ line, subjects, at }: KeptCommand): boolean {
    if (subjects !== null) return (JSON.parse(subjects) as string[]).some((subject) => this.people.has(subject))
    for (const id of this.ids) if (line.includes(id) || momentOfId(id) === at) return true
    return false
  }

  private without(pd: string | null): string | null {
    if (pd === null) return null
    const left = Object.entries(JSON.parse(pd) as Personal).filter(([path, { value }]) => {
      const [side, , id = ''] = path.split('/')
      const isTheirs = side === 'args' || this.ids.has(id)
      if (isTheirs) this.remember(value)
      return !isTheirs
    })
    return left.length === 0 ? null : JSON.stringify(Object.fromEntries(left))
  }

  /** Numbers, amounts and references stay. */
  private scrubbed(about: string): string {
    const pseudonym = pseudonymOf([...this.people][0] ?? '')
    const facts = Object.entries(JSON.parse(about) as Record<string, unknown>).map(([key, value]) => {
      const isTelling = typeof value === 'string' && !SILENT_FACTS.has(key)
      return [key, isTelling ? pseudonym : value] as const
    })
    return JSON.stringify(Object.fromEntries(facts))
  }

  /** Everything else, after the pulled rows are written and work has run again. `isHolder`: the device held something before. */
  fromTheRest(isHolder: boolean): void {
    const { db, catalogue, store, touches, blobs } = this.replica
    for (const { table, row, isShadow } of this.rows()) {
      const left = this.erasedRow(table, row)
      if (left === null) continue
      if (isShadow) touches.setShadow(table, row.id, left)
      else store.put(table, left)
    }
    for (const { key, answer } of db.all<{ key: string; answer: string }>('SELECT key, answer FROM request_answer')) {
      const given = JSON.parse(answer) as { seq?: number; about?: unknown }
      if (given.seq === undefined || !this.seqs.has(given.seq)) continue
      const about = JSON.parse(this.scrubbed(JSON.stringify(given.about ?? {}))) as unknown
      db.run('UPDATE request_answer SET answer = ? WHERE key = ?', [JSON.stringify({ ...given, about }), key])
    }
    this.dropTelling('draft', 'key', 'value')
    this.dropTelling('incident', 'id', 'detail')
    for (const { tbl, id, image } of db.all<{ tbl: string; id: string; image: string }>(
      'SELECT tbl, id, image FROM set_aside',
    ))
      if (this.tells(image)) db.run("UPDATE set_aside SET image = '' WHERE tbl = ? AND id = ?", [tbl, id])
    // Of a ready-made download only the whole could be looked into; it is planned anew without them.
    db.run('DELETE FROM piece WHERE sha IN (SELECT sha FROM bootstrap_chunk WHERE is_applied = 0)')
    for (const sha of this.photos) if (!blobs.standsInRow(sha, catalogue)) blobs.leave(sha)
    for (const table of catalogue.tables.values())
      if (table.search.some((field) => personalFieldsOf(table).includes(field))) db.run(forgetsWords(table))
    for (const subject of this.people)
      db.run('INSERT OR REPLACE INTO forgotten (subject, commands, state) VALUES (?, ?, ?)', [
        subject,
        this.commands,
        isHolder ? 'purged' : 'told',
      ])
  }

  private erasedRow(table: AnyTable, row: AnyRow): AnyRow | null {
    const subject = this.erasedOf(table, row)
    if (subject === undefined) return null
    const pseudonym = pseudonymOf(subject)
    const left: Record<string, unknown> = { ...row }
    let isChanged = false
    for (const name of personalFieldsOf(table)) {
      const field = table.fields[name] as AnyField
      if (isErased(field, row[name], pseudonym)) continue
      left[name] = erasedValue(field, pseudonym)
      isChanged = true
    }
    return isChanged ? (left as AnyRow) : null
  }

  private dropTelling(table: string, key: string, column: string): void {
    const { db } = this.replica
    for (const { id, text } of db.all<{ id: string | number; text: string }>(
      `SELECT ${key} AS id, ${column} AS text FROM ${table}`,
    ))
      if (this.tells(text)) db.run(`DELETE FROM ${table} WHERE ${key} = ?`, [id])
  }

  private tells(text: string): boolean {
    for (const subject of this.people) if (text.includes(subject)) return true
    for (const value of this.said) if (text.includes(value)) return true
    return false
  }
}

/** Of what a command is called by: these say nothing about a person. */
const SILENT_FACTS: ReadonlySet<string> = new Set(['number', 'currency', 'kind', 'order', 'invoice', 'item'])
