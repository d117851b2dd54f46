// What a person does next: a command with arguments, chosen by what their own device shows them. Rows are few and hot, so
// that people meet; now and then somebody names a row that this device doesn't hold, as one hears it on the phone.
import type { Replica } from '../../sync/device/replica.ts'
import type { Dice } from './dice.ts'

export interface Intent {
  readonly command: string
  readonly args: Readonly<Record<string, unknown>>
  /** The note's fields as the person sees them. */
  readonly seen: Readonly<Record<string, unknown>> | null
  /** A picture to take first: its size in bytes and what it shows. */
  readonly picture?: { readonly bytes: number; readonly seed: number }
  /** The seal of the parked command that it is about. */
  readonly item?: string | null
}

export interface Sight {
  readonly replica: Replica
  readonly dice: Dice
  readonly branches: readonly string[]
  /** The branch the person works at. */
  readonly branch: string
  /** Codes of devices that shares are for, this one first. */
  readonly shareholders: readonly string[]
  /** By the newer release. */
  readonly isNewer: boolean
  /** Virtual now, for days. */
  readonly now: number
  /** Ids that anybody has made, by table. */
  readonly known: ReadonlyMap<string, readonly string[]>
}

const ITEMS = ['pump', 'valve', 'hose', '\u{1F9FE}']
const SCARCE = 'gold'
const ZONES = ['z1', 'z2']
const NAMES = ['a', 'ä', '\u{1F9FE}']
const TAGS = ['x', 'y', 'z', '{,}']
/** Bytes: one, two and three pieces on the way. */
const PICTURES = [20_000, 300_000, 600_000]
const DAY_MS = 24 * 3_600_000
const UNSTORABLE_LENGTH = 6_000

const weights = {
  addNote: 6,
  editNote: 18,
  removeNote: 3,
  scoreNote: 10,
  replyNote: 4,
  addPhoto: 0.8,
  openJob: 16,
  payLowest: 10,
  moveJob: 7,
  moveLine: 6,
  receive: 8,
  reserve: 6,
  letGo: 5,
  askShare: 4,
  endShare: 2,
  giveOut: 6,
  countShelves: 2,
  useSlot: 7,
  dropSlot: 3,
  takeLeast: 4,
  poison: 2,
  unstorable: 0.8,
}

const sqlName: Readonly<Record<string, string>> = { 'sim.note': 'sim_note', 'sim.job': 'sim_job' }

/** What only the newer release knows. */
const newerWeights = { ...weights, stampJob: 5 }

export type WorkKind = keyof typeof newerWeights | 'settle'
/** By dice of its own: what else people do in a seed stays what it was. */
const SETTLES_ONE_IN = 12

/** `kind`: what it must be; left out, chance says. */
export function intentOf(sight: Sight, wanted?: WorkKind): Intent {
  const { dice } = sight
  const kind = wanted ?? drawn(sight)
  const plain = (args: Readonly<Record<string, unknown>>, name: string = kind): Intent => ({
    command: `sim.${name}`,
    args,
    seen: null,
  })
  const branch = dice.isOneIn(8) ? dice.pick(sight.branches) : sight.branch
  const item = dice.isOneIn(4) ? `part ${dice.whole(9)}` : dice.pick(ITEMS)
  const zone = dice.pick(ZONES)
  const name = dice.pick(NAMES)
  switch (kind) {
    case 'addNote':
      return plain({ title: `note ${dice.whole(1000)}`, ...noteFields(sight) })
    case 'unstorable':
      return plain({ branch, item: noise(dice, UNSTORABLE_LENGTH), quantity: 1 }, 'receive')
    case 'editNote':
      return editNote(sight)
    case 'removeNote':
      return plain({ note: pickRow(sight, 'sim.note') })
    case 'scoreNote':
      return plain({
        note: dice.isOneIn(6) ? newest(sight) : pickRow(sight, 'sim.note'),
        by: dice.between(-3, 9),
      })
    case 'replyNote':
      return plain({
        to: dice.isOneIn(2) ? newest(sight) : pickRow(sight, 'sim.note'),
        title: `reply ${dice.whole(99)}`,
      })
    case 'addPhoto':
      return {
        ...plain({ note: pickRow(sight, 'sim.note') }),
        picture: { bytes: dice.pick(PICTURES), seed: dice.whole(1_000_000) },
      }
    case 'openJob':
      return plain({
        branch,
        day: day(sight),
        rank: dice.whole(6),
        isNumbered: !dice.isOneIn(4),
        lines: Array.from({ length: dice.between(1, 3) }, () => ({
          item: dice.pick(ITEMS),
          quantity: dice.between(1, 4),
          ...(dice.isOneIn(3) && { text: `said ${dice.whole(100)}` }),
        })),
      })
    case 'payLowest':
      return plain({ branch, amount: dice.between(50, 900) })
    case 'moveJob':
      return plain({
        job: pickRow(sight, 'sim.job'),
        state: dice.pick(['open', 'closed']),
        ...(dice.isOneIn(2) && { branch: dice.pick(sight.branches) }),
        ...(dice.isOneIn(4) && { day: day(sight) }),
      })
    case 'stampJob':
      return plain({ job: pickRow(sight, 'sim.job'), said: `stamp ${dice.whole(9)}` })
    case 'moveLine':
      return plain({ from: pickRow(sight, 'sim.job'), to: pickRow(sight, 'sim.job'), isGone: dice.isOneIn(3) })
    case 'receive':
      return plain({ branch, item: dice.isOneIn(4) ? SCARCE : item, quantity: dice.between(1, 20) })
    case 'reserve':
      return plain({ branch, item, quantity: dice.between(1, 6) })
    case 'letGo':
      return plain({ branch: dice.pick(sight.branches), item, quantity: dice.between(1, 3) })
    case 'askShare':
    case 'endShare':
      return plain({ ...scarce(sight, branch), quantity: dice.between(1, 15), device: shareholder(sight) })
    case 'giveOut':
      return plain({ ...scarce(sight, branch), quantity: dice.between(1, 5) })
    case 'countShelves':
      return plain({ branch })
    case 'useSlot':
      return plain({ zone, name, ...(dice.isOneIn(2) && { note: `used ${dice.whole(50)}` }) })
    case 'dropSlot':
      return plain({ zone, name })
    case 'takeLeast':
      return plain({ zone, times: dice.between(1, 4) })
    case 'poison':
      return plain({ note: pickRow(sight, 'sim.note'), zone })
    case 'settle':
      return plain(atCounter(sight, branch))
  }
}

function drawn({ dice, isNewer }: Sight): WorkKind {
  if (dice.fork('settle').isOneIn(SETTLES_ONE_IN)) return 'settle'
  return dice.pickOf<keyof typeof newerWeights>(isNewer ? newerWeights : { ...weights, stampJob: 0 })
}

/** Most meet in the drawer of their branch of today. */
function atCounter(sight: Sight, branch: string): Readonly<Record<string, unknown>> {
  const { dice, now } = sight
  const tenders = Array.from({ length: dice.between(1, 2) }, () => ({
    method: dice.pick(['cash', 'card']),
    amount: dice.between(2, 9) * 100,
  }))
  const change = dice.isOneIn(3) ? dice.between(1, 99) : 0
  const on = dice.isOneIn(4) ? day(sight) : new Date(now).toISOString().slice(0, 10)
  return { job: pickRow(sight, 'sim.job'), branch, day: on, tenders, change }
}

/** One is scarce: no job uses it up, so that there is something to share. */
const scarce = ({ dice }: Sight, branch: string): object => ({ branch, item: dice.isOneIn(6) ? 'pump' : SCARCE })

const shareholder = ({ dice, shareholders }: Sight): string =>
  dice.isOneIn(3) ? dice.pick(shareholders) : (shareholders[0] as string)

function day({ dice, now }: Sight): string {
  return new Date(now - dice.whole(40) * DAY_MS).toISOString().slice(0, 10)
}

/** What was written last, wherever it is by now. */
function newest(sight: Sight): string {
  const heard = sight.known.get('sim.note') ?? []
  return heard.length > 0 ? sight.dice.pick(heard.slice(-4)) : pickRow(sight, 'sim.note')
}

/** The oldest rows are the ones that everybody works on. */
function pickRow({ replica, dice, known }: Sight, table: string): string {
  const heard = known.get(table) ?? []
  if (heard.length > 0 && dice.isOneIn(12)) return dice.pick(heard)
  const rows = replica.db.all<{ id: string }>(
    `SELECT id FROM ${sqlName[table]} WHERE gone_at IS NULL ORDER BY id LIMIT 12`,
  )
  if (rows.length === 0) return heard.length > 0 ? dice.pick(heard) : '00000000-0000-8000-8000-000000000000'
  return (rows[Math.floor(dice.chance() ** 2 * rows.length)] as { id: string }).id
}

function noteFields({ dice, isNewer }: Sight): Record<string, unknown> {
  const label = (): string => dice.pick(['', 'a', 'ä', '\u{10FFFF}', `q'"\\{},`, 'line\nfeed'])
  return {
    ...(dice.isOneIn(3) && { body: label() }),
    ...(dice.isOneIn(3) && { first: label() }),
    ...(dice.isOneIn(3) && { most: dice.between(-5, 5) }),
    ...(dice.isOneIn(3) && { least: dice.between(-5, 5) }),
    ...(dice.isOneIn(3) && { tags: TAGS.filter(() => dice.isOneIn(2)) }),
    ...(dice.isOneIn(4) && { secret: `secret ${dice.whole(9)}` }),
    ...(isNewer && dice.isOneIn(3) && { mood: dice.pick(['plain', 'calm', 'wild']) }),
  }
}

function editNote(sight: Sight): Intent {
  const { dice, replica } = sight
  const note = pickRow(sight, 'sim.note')
  const wanted = { ...noteFields(sight), ...(dice.isOneIn(3) && { title: `title ${dice.whole(9)}` }) }
  const table = replica.catalogue.tables.get('sim.note')
  const row = table === undefined ? null : replica.store.read(table, note)
  const seen = row === null ? null : Object.fromEntries(Object.keys(wanted).map((field) => [field, row[field] ?? null]))
  return { command: 'sim.editNote', args: { note, ...wanted }, seen }
}

/** Doesn't compress: an index of the hub's database can't hold it. */
const noise = (dice: Dice, length: number): string =>
  Array.from({ length }, () => String.fromCodePoint(0x4e00 + dice.whole(20_000))).join('')
