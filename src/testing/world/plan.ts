// The plan of one seed: what people do and what goes wrong, step by step, as plain data. A step carries its own seed, so
// that the same step does the same when others are dropped: that is how a failure becomes short.
import { Dice, seedOf } from './dice.ts'
import type { ReviewKind } from './reviewing.ts'
import type { WorkKind } from './work.ts'
import { requestFaults, type RequestFault } from './faults.ts'

export type Clock = 'right' | 'forward' | 'back' | 'frozen' | 'drifting'

export type Deed =
  | { readonly do: 'work'; readonly device: number; readonly kind?: WorkKind }
  | {
      readonly do: 'sync'
      readonly device: number
      readonly fates: readonly (RequestFault | null)[]
      /** After so many pushes no other gets through; left out: all do. */
      readonly pushesMax?: number
      /** So many pieces of photos meet something of their own. */
      readonly badUploads?: number
    }
  | { readonly do: 'review'; readonly device: number; readonly how?: ReviewKind }
  | { readonly do: 'wait' }
  | { readonly do: 'network'; readonly device: number; readonly to: 'both' | 'up' | 'none' | 'flap' | 'slow' }
  | { readonly do: 'crash'; readonly device: number; readonly model: 'kill' | 'power-loss'; readonly atChange: number }
  | { readonly do: 'restart'; readonly device: number }
  /** The tab that has the device dies in the middle of an exchange, and another one goes on at once. */
  | { readonly do: 'take-over'; readonly device: number }
  | { readonly do: 'full'; readonly device: number; readonly atWrite: number }
  | { readonly do: 'room'; readonly device: number }
  /** Whatever it does is tried with room for one write more each time, until it is done. */
  | { readonly do: 'starve'; readonly device: number }
  | { readonly do: 'hostile'; readonly device: number }
  | { readonly do: 'insider'; readonly device: number }
  | { readonly do: 'clock'; readonly device: number; readonly to: Clock }
  | { readonly do: 'sleep'; readonly device: number; readonly forMs: number }
  | { readonly do: 'hub'; readonly to: 'restart' | 'two' | 'one' | 'back-up' | 'restore' | 'fail-over' }
  | { readonly do: 'hub-dies'; readonly atStatement: number; readonly isDone: boolean }
  | { readonly do: 'user'; readonly device: number; readonly to: 'move' | 'rights' | 'disable' | 'enable' }
  | { readonly do: 'revoke'; readonly device: number }
  | { readonly do: 'clone'; readonly device: number }
  | { readonly do: 'enrol-again'; readonly device: number }
  | { readonly do: 'image'; readonly device: number }
  | { readonly do: 'restore-image'; readonly device: number }
  | { readonly do: 'evict'; readonly device: number }
  | { readonly do: 'release'; readonly isRolling: boolean; readonly isDemanded: boolean }
  /** `fullAt`: its disk has no room for that write while its database is brought over. */
  | { readonly do: 'update'; readonly device: number; readonly fullAt?: number }
  | { readonly do: 'region'; readonly device: number }
  | { readonly do: 'people'; readonly device: number }
  | { readonly do: 'erase'; readonly device: number }

export type Step = Deed & {
  /** Virtual milliseconds that pass before it. */
  readonly after: number
  readonly seed: number
}

/**
 * What comes after the steps. Safety: everybody heals together. Liveness: before that some devices have nothing in their way while the others
 * stay as they are, and must get through by themselves.
 */
export type Mode = 'safety' | 'liveness'

export interface Plan {
  readonly seed: number
  /** Left out: safety. */
  readonly mode?: Mode
  readonly devices: number
  readonly steps: readonly Step[]
}

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Commands between two exchanges, about: from people who are always connected to a week on the road. */
const paces = [6, 20, 80, 200]

/** Of all devices together, in a plan whose length nobody chose. */
const EXCHANGES = 20

export interface PlanOptions {
  readonly seed: number
  /** Commands that people try, about; as many as some exchanges of everybody take, where none are given. */
  readonly commands?: number
  /** Given, it isn't drawn from the seed. */
  readonly pace?: number
  /** Somebody is written about and erased; left out: now and then, in whole plans. */
  readonly isAboutPeople?: boolean
  /** Given, it isn't drawn from the seed. */
  readonly mode?: Mode
}

/** How often each deed is among ten thousand of the smallest pace; at another one, work is that much more often. */
const weights = {
  work: 7_600,
  sync: 1_250,
  review: 350,
  wait: 120,
  network: 220,
  crash: 150,
  restart: 60,
  'take-over': 40,
  full: 60,
  starve: 15,
  hostile: 40,
  insider: 25,
  room: 60,
  clock: 90,
  hub: 160,
  'hub-dies': 150,
  user: 90,
  revoke: 20,
  clone: 20,
  'enrol-again': 60,
  image: 20,
  'restore-image': 20,
} satisfies Record<
  Exclude<Deed['do'], 'evict' | 'region' | 'people' | 'erase' | 'release' | 'update' | 'sleep'>,
  number
>

export function planOf({ seed, ...options }: PlanOptions): Plan {
  const dice = new Dice(seedOf('plan', seed))
  const devices = dice.between(2, 5)
  const pace = options.pace ?? dice.pick(paces)
  const commands = options.commands ?? pace * EXCHANGES
  const share = pace / (paces[0] as number)
  const often = { ...weights, work: weights.work * share }
  const steps: Step[] = []
  let worked = 0
  // Work comes in runs of one person, as days come: a device that is on the road syncs seldom.
  let device = 0
  for (let index = 0; worked < commands; index++) {
    const kind = dice.pickOf<keyof typeof weights>(often)
    if (kind !== 'work' || dice.isOneIn(Math.ceil(6 * share))) device = dice.whole(devices)
    if (kind === 'work') worked += 1
    steps.push({ ...deed(kind, device, dice), after: pause(kind, dice), seed: seedOf(seed, index) })
  }
  // Only in whole plans, and by dice of its own: what is drawn above stays what it was.
  const rare = dice.fork('rare')
  if (options.commands === undefined && rare.isOneIn(3))
    steps.splice(rare.whole(steps.length), 0, {
      do: 'evict',
      device: rare.whole(devices),
      after: SECOND,
      seed: seedOf(seed, 'evict'),
    })
  if (options.commands !== undefined) haveAccident(steps, { seed, device: rare.whole(devices) }, rare)
  const next = dice.fork('release')
  if (options.commands === undefined && next.isOneIn(2)) addRelease(steps, devices, next)
  const bounds = dice.fork('bounds')
  if (bounds.isOneIn(3)) addBounds(steps, bounds)
  const sleep = dice.fork('sleep')
  if (sleep.isOneIn(4)) addSleep(steps, devices, sleep)
  const people = dice.fork('people')
  if (options.isAboutPeople ?? (options.commands === undefined && people.isOneIn(2))) addPeople(steps, devices, people)
  const mode = options.mode ?? (dice.fork('mode').isOneIn(3) ? 'liveness' : 'safety')
  return { seed, mode, devices, steps }
}

type Accident = (device: number) => readonly (Deed & { readonly after?: number })[]

/** What a short plan would seldom meet by chance: each has one of them, by turns. */
const accidents: readonly Accident[] = [
  (device) => [{ do: 'evict', device }],
  (device) => [
    { do: 'clone', device },
    { do: 'enrol-again', device },
  ],
  (device) => [
    { do: 'image', device },
    { do: 'work', device, kind: 'openJob' },
    { do: 'sync', device, fates: [] },
    { do: 'restore-image', device },
    { do: 'work', device, kind: 'openJob' },
    { do: 'enrol-again', device },
  ],
  (device) => [
    { do: 'work', device, kind: 'poison' },
    { do: 'sync', device, fates: [] },
    { do: 'review', device, how: 'discard' },
    { do: 'sync', device, fates: [] },
    { do: 'review', device, how: 'reopen' },
  ],
  (device) => [
    { do: 'work', device, kind: 'addPhoto' },
    { do: 'sync', device, fates: [], badUploads: 3 },
  ],
  (device) => [
    { do: 'user', device, to: 'disable' },
    { do: 'work', device },
    { do: 'user', device, to: 'enable' },
  ],
  (device) => [
    { do: 'revoke', device },
    { do: 'enrol-again', device },
  ],
  () => [
    { do: 'hub', to: 'back-up' },
    { do: 'hub', to: 'restore' },
  ],
  (device) => [
    { do: 'network', device, to: 'both' },
    { do: 'hub', to: 'fail-over' },
  ],
  (device) => [
    { do: 'network', device, to: 'none' },
    { do: 'work', device },
    { do: 'wait', after: 91 * DAY },
  ],
  (device) => [{ do: 'clock', device, to: 'forward' }],
  (device) => [{ do: 'clock', device, to: 'back' }],
  (device) => [{ do: 'clock', device, to: 'frozen' }],
  (device) => [
    { do: 'crash', device, model: 'kill', atChange: 1 },
    { do: 'work', device },
  ],
  (device) => [
    { do: 'crash', device, model: 'power-loss', atChange: 1 },
    { do: 'starve', device },
  ],
  () => [{ do: 'hub-dies', atStatement: 3, isDone: true }],
  (device) => [
    { do: 'network', device, to: 'both' },
    { do: 'work', device },
    { do: 'release', isRolling: true, isDemanded: false },
    { do: 'sync', device, fates: [] },
    { do: 'work', device },
    { do: 'sync', device, fates: [] },
    { do: 'work', device },
    { do: 'update', device },
  ],
  (device) => [
    { do: 'network', device, to: 'both' },
    { do: 'release', isRolling: false, isDemanded: true },
    { do: 'sync', device, fates: [] },
    { do: 'work', device },
    { do: 'update', device, fullAt: 1 },
    { do: 'work', device },
    { do: 'work', device },
  ],
  (device) => [{ do: 'network', device, to: 'slow' }],
  (device) => [{ do: 'hostile', device }],
  (device) => Array.from({ length: 6 }, () => ({ do: 'insider', device })),
  (device) => [
    { do: 'network', device, to: 'both' },
    { do: 'people', device },
    { do: 'sync', device, fates: [] },
    { do: 'people', device },
    { do: 'people', device },
    { do: 'erase', device },
    { do: 'sync', device, fates: [] },
  ],
]

/** Its parts come in their order, with a little of the day between them. */
function haveAccident(
  steps: Step[],
  { seed, device }: { readonly seed: number; readonly device: number },
  dice: Dice,
): void {
  const parts = (accidents[seed % accidents.length] as Accident)(device)
  let at = dice.whole(steps.length)
  for (const [index, part] of parts.entries()) {
    steps.splice(at, 0, { after: SECOND, ...part, seed: seedOf(seed, 'accident', index) })
    at += 1 + dice.whole(6)
  }
}

const AROUND_PEOPLE: readonly Exclude<Deed['do'], 'release' | 'sleep'>[] = [
  'people',
  'people',
  'sync',
  'people',
  'sync',
  'people',
  'people',
  'erase',
]
const ERASED = 4

/** A deed among the others, right behind the one before it. */
const seeded = (added: Deed, dice: Dice): Step => ({ ...added, after: SECOND, seed: dice.whole(1_000_000_000) })

/** Spread over everything else: what is written about people, and that some of them are erased in the midst of it. */
function addPeople(steps: Step[], devices: number, dice: Dice): void {
  const deeds = Array.from({ length: ERASED }, () => AROUND_PEOPLE).flat()
  const places = deeds.map(() => dice.whole(steps.length + 1)).sort((a, b) => a - b)
  for (const [index, kind] of deeds.entries()) {
    steps.splice((places[index] ?? 0) + index, 0, seeded(deed(kind, dice.whole(devices), dice), dice))
  }
}

/** A machine sleeps for up to a night, and its owner goes on with work before it hears the hub. */
function addSleep(steps: Step[], devices: number, dice: Dice): void {
  const device = dice.whole(devices)
  const forMs = dice.between(60_000, 10 * HOUR)
  const deeds: readonly Deed[] = [
    { do: 'sleep', device, forMs },
    { do: 'work', device },
  ]
  steps.splice(dice.whole(steps.length + 1), 0, ...deeds.map((each) => seeded(each, dice)))
}

/** Which region a branch is in, and what may go from one into another, isn't for ever. */
function addBounds(steps: Step[], dice: Dice): void {
  for (let left = dice.between(1, 3); left > 0; left--)
    steps.splice(dice.whole(steps.length + 1), 0, seeded({ do: 'region', device: 0 }, dice))
}

/** The hub is updated somewhere in the midst of it, and then one device after the other, most of them. */
function addRelease(steps: Step[], devices: number, dice: Dice): void {
  const at = dice.whole(steps.length)
  for (let device = 0; device < devices; device++) {
    const place = at + dice.whole(steps.length - at + 1)
    const fullAt = dice.isOneIn(4) ? { fullAt: 1 + dice.skewed(60) } : {}
    if (!dice.isOneIn(4)) steps.splice(place, 0, seeded({ do: 'update', device, ...fullAt }, dice))
  }
  steps.splice(at, 0, seeded({ do: 'release', isRolling: dice.isOneIn(2), isDemanded: dice.isOneIn(4) }, dice))
}

function pause(kind: Deed['do'], dice: Dice): number {
  if (kind === 'wait') return dice.isOneIn(8) ? dice.whole(100 * DAY) : dice.whole(3 * DAY)
  // Now and then in the middle of the exchange that has just begun.
  if (kind === 'work') return dice.isOneIn(20) ? dice.whole(4 * HOUR) : dice.whole(dice.isOneIn(3) ? 400 : 20 * SECOND)
  return dice.whole(2 * SECOND)
}

function deed(kind: Exclude<Deed['do'], 'release' | 'sleep'>, device: number, dice: Dice): Deed {
  switch (kind) {
    case 'sync':
      return {
        do: kind,
        device,
        fates: dice.isOneIn(3) ? [] : fates(dice),
        ...(dice.isOneIn(3) && { pushesMax: dice.whole(4) }),
        badUploads: dice.whole(4),
      }
    case 'network':
      return { do: kind, device, to: dice.pickOf({ both: 5, up: 2, none: 2, flap: 2, slow: 2 }) }
    case 'crash':
      return {
        do: kind,
        device,
        model: dice.pick(['kill', 'power-loss']),
        atChange: 1 + dice.skewed(400),
      }
    case 'full':
      return { do: kind, device, atWrite: 1 + dice.skewed(200) }
    case 'clock':
      return { do: kind, device, to: dice.pickOf<Clock>({ right: 3, forward: 1, back: 1, frozen: 1, drifting: 1 }) }
    case 'hub':
      return { do: kind, to: dice.pickOf({ restart: 3, two: 2, one: 1, 'back-up': 2, restore: 1, 'fail-over': 3 }) }
    case 'hub-dies':
      return { do: kind, atStatement: 1 + dice.whole(40), isDone: dice.isOneIn(2) }
    case 'user':
      return { do: kind, device, to: dice.pickOf({ move: 3, rights: 2, disable: 1, enable: 2 }) }
    case 'wait':
      return { do: kind }
    default:
      return { do: kind, device }
  }
}

/** Most requests of a bad exchange pass, or nothing would ever get through. */
const fates = (dice: Dice): (RequestFault | null)[] =>
  Array.from({ length: dice.between(2, 7) }, () => (dice.isOneIn(3) ? dice.pick(requestFaults) : null))
