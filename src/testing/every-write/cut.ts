// Does one act of a device again and again, and stops the machine at every change of the disk that the act makes, once as
// a killed process and once as a lost power leaves it, and fills the disk at every write. What is found afterwards must be
// the whole act or nothing of it, byte for byte as an undisturbed device has it; what was reported as done must be there.
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { Sqlite } from '../../store/sqlite/engine.ts'
import { isDiskFull } from '../../store/sqlite/sqlite-error.ts'
import { Replica } from '../../sync/device/replica.ts'
import { webCrypto } from '../../sync/seal.ts'
import { chanceOf, newCrashDisk, type Chance, type CrashDisk, type CrashModel } from '../crash-vfs.ts'
import { openOn } from '../world/world-disk.ts'

export interface Act {
  readonly name: string
  /** What happened before: never cut. */
  readonly prepare?: (replica: Replica) => void
  readonly run: (replica: Replica) => void
  /** A device does it again by itself after a start, done or not, and that changes nothing more. */
  readonly isRepeatable: boolean
  /** Several transactions, each of them a state to go on from: what is found after a cut needn't be the whole or nothing. */
  readonly hasSteps?: true
}

export type Files = ReadonlyMap<string, Uint8Array>

export interface CutReport {
  /** Places at which the act was cut or the disk was full. */
  readonly places: number
  readonly wrong: readonly string[]
}

/** Which of the `count` places to try, from 1. The last cut is the one right after the act's report. */
export type Choice = (count: number) => Iterable<number>
export const everyPlace: Choice = function* (count) {
  for (let place = 1; place <= count; place++) yield place
}

/** Each place with this chance: a sample that is the same in every run. */
export const someOf = (share: number, seed: number): Choice => {
  const chance = chanceOf(seed)
  return function* (count) {
    for (const place of everyPlace(count)) if (chance() < share) yield place
  }
}

const MODELS: readonly CrashModel[] = ['kill', 'power-loss']

/** Pages that a commit may leave in the log before they go to the database: one makes every commit a checkpoint too. */
type LogPages = 1 | 1000

/** One act over one state of a device: all the places where it may be cut. */
export async function cutAct(
  catalogue: Catalogue,
  begin: Files,
  act: Act,
  { choose = everyPlace, seed = 1 }: { readonly choose?: Choice; readonly seed?: number } = {},
): Promise<CutReport> {
  const wrong: string[] = []
  let places = 0
  const base = await prepared(catalogue, begin, act)
  for (const logPages of [1000, 1] as const) {
    const witness = await undisturbed(catalogue, base, act, logPages)
    for (const model of MODELS)
      for (const place of choose(witness.changes + 1)) {
        places += 1
        const fault = await cutAt(
          { catalogue, base, act, logPages, witness, chance: chanceOf(seed * 7919 + place) },
          model,
          place,
        )
        if (fault !== null)
          wrong.push(`${act.name}, ${model} at change ${place} of ${witness.changes}, log of ${logPages}: ${fault}`)
      }
    for (const place of choose(witness.writes)) {
      places += 1
      const fault = await fullAt(
        { catalogue, base, act, logPages, witness, chance: chanceOf(seed * 104_729 + place) },
        place,
      )
      if (fault !== null)
        wrong.push(`${act.name}, full at write ${place} of ${witness.writes}, log of ${logPages}: ${fault}`)
    }
  }
  return { places, wrong }
}

interface Witness {
  readonly before: string
  readonly after: string
  readonly changes: number
  readonly writes: number
}

interface Trial {
  readonly catalogue: Catalogue
  readonly base: Files
  readonly act: Act
  readonly logPages: LogPages
  readonly witness: Witness
  readonly chance: Chance
}

/** Salts and nonces are chance: the same act must write the same bytes each time it is done. */
function withSameChance<T>(work: () => T): T {
  const crypto = webCrypto() as { getRandomValues: (bytes: Uint8Array) => Uint8Array }
  const chance = chanceOf(42)
  const own = Object.getOwnPropertyDescriptor(crypto, 'getRandomValues')
  Object.defineProperty(crypto, 'getRandomValues', {
    configurable: true,
    value: (bytes: Uint8Array) => bytes.map((_, at) => (bytes[at] = Math.floor(chance() * 256))),
  })
  try {
    return work()
  } finally {
    if (own === undefined) Reflect.deleteProperty(crypto, 'getRandomValues')
    else Object.defineProperty(crypto, 'getRandomValues', own)
  }
}

async function open(catalogue: Catalogue, disk: CrashDisk, logPages: LogPages): Promise<Replica> {
  const db = await openOn(disk)
  db.get(`PRAGMA wal_autocheckpoint=${logPages}`)
  return new Replica(db, catalogue)
}

const doIt = (act: Act, replica: Replica): void => withSameChance(() => act.run(replica))

/** The disk before the act, with a log that is not empty. */
async function prepared(catalogue: Catalogue, begin: Files, act: Act): Promise<Files> {
  const disk = newCrashDisk(() => 0, begin)
  const replica = await open(catalogue, disk, 1000)
  withSameChance(() => act.prepare?.(replica))
  return disk.afterCrash('kill').files()
}

async function undisturbed(catalogue: Catalogue, base: Files, act: Act, logPages: LogPages): Promise<Witness> {
  const disk = newCrashDisk(() => 0, base)
  const replica = await open(catalogue, disk, logPages)
  const before = contentsOf(replica.db)
  const { changes, writes } = disk
  doIt(act, replica)
  const after = contentsOf(replica.db)
  if (after === before) throw new Error(`${act.name} changes nothing: it shows nothing.`)
  return { before, after, changes: disk.changes - changes, writes: disk.writes - writes }
}

async function cutAt(trial: Trial, model: CrashModel, place: number): Promise<string | null> {
  const { catalogue, base, act, logPages, chance } = trial
  const disk = newCrashDisk(chance, base)
  const replica = await open(catalogue, disk, logPages)
  disk.crashAtChange(place)
  let isDone = false
  try {
    doIt(act, replica)
    isDone = true
  } catch (error) {
    if (!disk.crashed) return `it threw before the machine died: ${String(error)}`
  }
  return await inspect(trial, disk.afterCrash(model), isDone)
}

async function fullAt(trial: Trial, place: number): Promise<string | null> {
  const { catalogue, base, act, logPages, witness, chance } = trial
  const disk = newCrashDisk(chance, base)
  const replica = await open(catalogue, disk, logPages)
  disk.fullAtWrite(place)
  let isDone = false
  try {
    doIt(act, replica)
    isDone = true
  } catch (error) {
    if (!isDiskFull(error)) return `a full disk says: ${String(error)}`
  }
  // Still full: everything that was saved can be read.
  const kept = contentsOf(replica.db)
  const mayBeBetween = act.hasSteps === true && !isDone
  if (!mayBeBetween && kept !== (isDone ? witness.after : witness.before))
    return `${isDone ? 'done' : 'refused'}, but ${differenceTo(witness, kept)}`
  disk.room()
  if (!isDone) doIt(act, replica)
  const mended = contentsOf(replica.db)
  if (mended !== witness.after) return `with room again: ${differenceTo(witness, mended)}`
  return await inspect(trial, disk.afterCrash('kill'), true)
}

async function inspect(
  { catalogue, act, logPages, witness }: Trial,
  disk: CrashDisk,
  isDone: boolean,
): Promise<string | null> {
  let replica: Replica
  try {
    replica = await open(catalogue, disk, logPages)
  } catch (error) {
    return `it can't be opened again: ${String(error)}`
  }
  const { db } = replica
  const integrity = db.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check
  if (integrity !== 'ok') return `integrity: ${integrity}`
  const found = contentsOf(db)
  const isThere = found === witness.after
  if (isDone && !isThere) return `it was reported as done, but ${differenceTo(witness, found)}`
  if (!isThere && act.hasSteps !== true && found !== witness.before) return differenceTo(witness, found)
  try {
    if (!isThere || act.isRepeatable) doIt(act, replica)
  } catch (error) {
    return `it can't be done after the start: ${String(error)}`
  }
  const again = contentsOf(db)
  return again === witness.after ? null : `done again after the start: ${differenceTo(witness, again)}`
}

/** Every row of every table, one a line, and what full-text search answers from. */
function contentsOf(db: Sqlite): string {
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
  return tables
    .flatMap(({ name }) =>
      db.all<Record<string, unknown>>(`SELECT * FROM "${name}"`).map((row) => `${name} ${written(row)}`),
    )
    .sort()
    .join('\n')
}

const written = (row: Record<string, unknown>): string =>
  JSON.stringify(row, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value))

function differenceTo({ before, after }: Witness, found: string): string {
  const [was, is, has] = [before, after, found].map((text) => new Set(text.split('\n'))) as [
    Set<string>,
    Set<string>,
    Set<string>,
  ]
  const missing = [...is].filter((line) => !has.has(line) && !was.has(line))
  const other = [...has].filter((line) => !was.has(line) && !is.has(line))
  const stale = [...was].filter((line) => !has.has(line) && is.has(line))
  const show = (what: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : ` ${what} ${lines.length}, first ${(lines[0] ?? '').slice(0, 300)};`
  return `what is there is neither before nor after:${show('of the act lacks', missing)}${show('has besides', other)}${show('lost of before', stale)}`
}
