// Faults put into the engine on purpose, each a line of it taken out or turned round: what the simulated world must notice.
// `npm run campaign -- mutants` plays them on a copy of the sources. One that survives is a law that is missing. What no world
// of honest devices can bring about is held by a test that is named here.
import { booksMutants } from './books-mutants.ts'
import { reviewMutants } from './review-mutants.ts'

export interface Mutant {
  /** What the engine then does. */
  readonly name: string
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly replace: string
  /** The tests one of which fails with it, where the world can't see it or only seldom: then only these are played. */
  readonly tests?: readonly string[]
}

/** Lines whose loss nobody could notice, with the reason: they are kept for what they say or for their speed. */
export const equivalents: readonly { readonly name: string; readonly why: string }[] = [
  {
    name: 'an answer that no pulled watermark covers settles its command',
    why: 'an exchange pushes first and then pulls, so that the watermark behind an answer always covers it',
  },
  {
    name: 'touched rows that a lease took away stay until the work on them runs again',
    why: 'it does in the same transaction: their shadow is empty by then, and everything runs again',
  },
]

const device = (names: readonly string[]): string[] => names.map((name) => `src/sync/device/${name}.test.ts`)
const settling = device(['settle', 'rebase', 'rebase-scope'])
const touching = device(['component', 'rebase', 'rebase-scope', 'elsewhere'])

const settle = 'src/sync/device/settle.ts'
const touches = 'src/sync/device/touches.ts'
const component = 'src/sync/device/component.ts'
const push = 'src/sync/hub/push.ts'
const cache = 'src/store/postgres/batch-cache.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'never runs anything again',
    file: settle,
    find: 'for (const table of rebase(this.replica, this.seeds, this.rebaseShareMax)) this.changed.add(table)',
    replace: '',
  },
  {
    name: 'settles on the answer',
    file: 'src/sync/device/outcomes.ts',
    find: 'SET state = ?, outcome = ?, commit_at = ? WHERE',
    replace: 'SET is_settled = 1, state = ?, outcome = ?, commit_at = ? WHERE',
  },
  {
    name: 'believes its prediction where the hub came to something else',
    file: settle,
    find: 'for (const row of unforeseen) this.seedUnforeseen(row)',
    replace: '',
    tests: settling,
  },
  {
    name: 'forgets that a bucket became whole',
    file: settle,
    find: 'this.seeds.isAll = !this.isQuiet',
    replace: 'this.seeds.isAll = false',
  },
  {
    name: 'writes the hub’s sums without its own',
    file: settle,
    find: 'for (const [field, delta] of Object.entries(deltas ?? {})) live[field] = Number(live[field] ?? 0) + delta',
    replace: 'void deltas',
  },
  {
    name: 'keeps rows of settled work that no bucket of it carries',
    file: settle,
    find: 'for (const row of written) this.restoreUnpulled(row, changes)',
    replace: '',
  },
  {
    name: 'takes a row that comes again for untouched though settled work wrote it',
    file: settle,
    find: 'if (writers.length > 0 && !isSettled && isSameImage',
    replace: 'if (writers.length > 0 && isSameImage',
    tests: settling,
  },
  {
    name: 'runs no readers of a row again',
    file: settle,
    find: "for (const { seq, mode } of touching) if (mode === 'read') this.seeds.commands.add(seq)",
    replace: '',
  },
  {
    name: 'runs no readers of a range again',
    file: settle,
    find: 'this.seeds.addCommands(touches.rangeReaders(table, [before, shadow?.image ?? null, row]))',
    replace: '',
  },
  {
    name: 'counts what waits once and for all',
    file: 'src/sync/device/outcomes.ts',
    find: '  replica.waiting.changed()',
    replace: '',
  },
  {
    name: 'forgets envelopes by its own clock',
    file: settle,
    find: '[this.hubNow - RETENTION_MS]',
    replace: '[this.now - RETENTION_MS]',
    tests: settling,
  },
  {
    name: 'notes no touch of a row that isn’t there',
    file: touches,
    find: 'if (run.effects.get(table, id) !== undefined) continue',
    replace: 'if (run.effects.get(table, id) !== undefined || this.store.read(table, id) === null) continue',
    tests: touching,
  },
  {
    name: 'notes no ranges',
    file: touches,
    find: 'this.write({ seq, rows, ranges })',
    replace: 'this.write({ seq, rows, ranges: ranges.slice(0, 0) })',
    tests: touching,
  },
  {
    name: 'takes its own image for the hub’s',
    file: touches,
    find: 'if (shadowedIn(index, table.name).has(id) || index.isMadeHere(table.name, id)) return false',
    replace: 'if (index.isMadeHere(table.name, id)) return false',
    tests: touching,
  },
  {
    name: 'keeps the book’s memory when a transaction goes back',
    file: touches,
    find: 'this.db.ifUndone(() => index.remove(page.seq))',
    replace: '',
    tests: touching,
  },
  {
    name: 'looks forward in time only',
    file: component,
    find: 'else if (touches.isChangedAfter(touch.tbl, touch.id, seq)) this.addRow(touch)',
    replace: '',
    tests: touching,
  },
  {
    name: 'forgets the images between two writers',
    file: component,
    find: 'for (const seq of touches.rangeReadersBetween(table.name, first, last)) this.addCommand(seq)',
    replace: '',
    tests: touching,
  },
  {
    name: 'adds to a row that nobody makes any more',
    file: component,
    find: "if (mode !== 'delta' || isNew) this.addCommand(seq)",
    replace: "if (mode !== 'delta') this.addCommand(seq)",
    tests: touching,
  },
  {
    name: 'leaves ranges as later work made them',
    file: component,
    find: 'for (const range of touches.rangesBy(seq)) this.followRange(range)',
    replace: '',
    tests: touching,
  },
  {
    name: 'predicts with rows that its lease took away',
    file: 'src/sync/device/profile.ts',
    find: 'if (changed.size > 0 && !replica.touches.isEmpty()) {',
    replace: 'if (changed.size < 0) {',
    tests: device(['profile']),
  },
  {
    name: 'hears no outcomes with a pull',
    file: 'src/sync/device/exchange.ts',
    find: 'hearOutcomes(replica, asked, page.head.outcomes ?? [])',
    replace: '',
    tests: ['src/sync/one-path.pg.test.ts'],
  },
  {
    name: 'the hub takes another command of the same number for the same',
    file: push,
    find: 'const outcome = bySeal.get(seal)',
    replace: 'const outcome = logged.find(({ seq }) => seq === envelope.seq)',
    tests: ['src/sync/hostile-push.pg.test.ts'],
  },
  {
    name: 'a request counts by an old lease, whoever may ask for nothing any more',
    file: 'src/sync/hub/authority.ts',
    find: "if (now === null || command?.kind !== 'request') return lease",
    replace: 'return lease',
    tests: ['src/sync/rights-lost.pg.test.ts'],
  },
  {
    name: 'the hub takes a line that stands on another seal',
    file: push,
    find: 'if (first.prev !== device.last_seal)',
    replace: "if (first.prev === '')",
  },
  {
    name: 'the later value wins, whatever rule a field has',
    file: 'src/kernel/settle-row.ts',
    find: "table.fields[field]?.traits.merge ?? 'later'",
    replace: "'later'",
  },
  {
    name: 'forgets the seal that the oldest line of its month stands on',
    file: settle,
    find: ' AND seq < (SELECT MAX(seq) FROM outbox WHERE is_settled = 1 AND settled_at < ?1)',
    replace: '',
  },
  {
    name: 'says that it is online when its own disk was full',
    file: 'src/sync/device/device.ts',
    find: ' && this.session.bytesReceived > heard',
    replace: '',
  },
  {
    name: 'sends nothing again to a hub that lost it',
    file: 'src/sync/device/exchange.ts',
    find: "else if (this.outbound.resendBeyond(head)) return 'again'",
    replace: '',
  },
  {
    name: 'believes a clock that was set back',
    file: 'src/sync/device/lease-clock.ts',
    find: 'this.since.passed().most',
    replace: 'this.clock.now() - this.anchor.wall',
    tests: device(['lease-clock']),
  },
  {
    name: 'takes a machine that slept for a clock that was set',
    file: 'src/sync/device/stopwatch.ts',
    find: 'most: least + further',
    replace: 'most: least',
    tests: device(['hub-clock']),
  },
  {
    name: 'the hub leaves a row that moves in its old bucket',
    file: 'src/store/postgres/flush.ts',
    find: 'if (!is.includes(bucket)) this.moves.push(',
    replace: 'if (is.length > 99) this.moves.push(',
  },
  {
    name: 'the hub leaves lines where their header was',
    file: 'src/sync/hub/apply.ts',
    find: 'images.push(image)',
    replace: 'void image',
  },
  {
    name: 'the hub finds rows as they were before its part',
    file: cache,
    find: 'return overlayRange(held.rows, changed, range)',
    replace: 'return held.rows',
  },
  {
    name: 'the hub takes the beginning of a range for enough of it',
    file: cache,
    find: 'if (range.limit === null || surviving < range.limit) {',
    replace: 'if (range.limit === null) {',
  },
  {
    name: 'the hub decides on rows that another process changed',
    file: 'src/store/postgres/warm-rows.ts',
    find: 'held?.clock === clock ? held.seed : undefined',
    replace: 'held?.seed',
  },
  {
    name: 'the hub takes a number twice',
    file: 'src/sync/hub/numbers.ts',
    find: 'if (counter < expected) return',
    replace: 'if (counter < 0) return',
    tests: ['src/sync/hub/numbers.test.ts'],
  },
  {
    name: 'the hub tells nobody of a gap in numbers',
    file: 'src/sync/hub/numbers.ts',
    find: 'if (counter > expected) gaps.push',
    replace: 'if (counter < 0) gaps.push',
    tests: ['src/sync/hub/numbers.test.ts'],
  },
  {
    name: 'the hub sends what a device asks for, whatever its lease gives',
    file: 'src/sync/hub/pull.ts',
    find: 'request.buckets.filter(({ name }) => allowed.has(name))',
    replace: 'request.buckets',
    tests: ['src/hub/hostile.pg.test.ts'],
  },
  {
    name: 'the hub lets data into a region that it may not enter',
    file: 'src/modules/masters/residency.ts',
    find: 'const refused = foreign.filter((each) => !allowed.includes(each))',
    replace: 'const refused = foreign.filter(() => allowed.length < 0)',
  },
  {
    name: 'what is used of a share stays in the sum of shares',
    file: 'src/kernel/allotment.ts',
    find: 'ctx.add(allotmentSum, scarce, deltas)',
    replace: 'if (deltas.used === undefined) ctx.add(allotmentSum, scarce, deltas)',
  },
  {
    name: 'grants more than is free',
    file: 'src/kernel/allotment.ts',
    find: 'headroom - allottedOf(ctx, of)',
    replace: 'headroom',
    tests: ['src/modules/allotment/allotment.test.ts'],
  },
  {
    name: 'leaves in the log what a full disk refused',
    file: 'src/store/sqlite/engine.ts',
    find: 'this.#forsakeUnsynced()',
    replace: 'void this.#forsakeUnsynced',
  },
  {
    name: 'believes what a hub confirmed before it lost work that it had answered',
    file: 'src/sync/device/kept-blobs.ts',
    find: `if (!this.isEmpty) this.db.run("UPDATE blob SET incarnation = ''`,
    replace: `if (!this.isEmpty) this.db.run("UPDATE blob SET incarnation = incarnation`,
    tests: ['src/sync/device/kept-blobs.test.ts'],
  },
  {
    name: 'never asks a second time for what a hub confirmed',
    file: 'src/sync/device/kept-blobs.ts',
    find: 'next_at > 0 AND next_at NOT BETWEEN ? AND ?',
    replace: 'next_at < 0 AND next_at BETWEEN ? AND ?',
    tests: ['src/sync/device/kept-blobs.test.ts'],
  },
  {
    name: 'takes what a device says in the name of another person',
    file: 'src/sync/hub/authority.ts',
    find: ' || lease.user !== envelope.user)',
    replace: ')',
  },
  {
    name: 'a server in the place of another gives its numbers again',
    file: 'src/sync/hub/tenant.ts',
    find: 'Math.max(clock.seq + STEP, clock.floor)',
    replace: 'clock.seq + STEP',
  },
  {
    name: 'a device that reached the hub and has nothing to send never asks again by itself',
    file: 'src/sync/device/schedule.ts',
    find: 'this.planNext(isReached)',
    replace: 'if (!isReached || this.isWanted) this.planNext(isReached)',
  },
  {
    name: 'believes for ever what was told before the hub went back',
    file: 'src/sync/device/outcomes.ts',
    find: "doubt(replica, { began, from: 'last' })",
    replace: 'doubt(replica, { began, from: null })',
  },
  {
    name: 'takes what follows an earlier life before what is missing of it',
    file: 'src/sync/hub/push.ts',
    find: 'sender.ep > 1 && push.head.incarnation !== context.incarnation',
    replace: 'sender.ep > 1 && push.head.incarnation === null',
  },
  {
    name: 'an older app’s digests are those of the newest',
    file: 'src/sync/hub/older-digests.ts',
    find: 'if (!schema.isOlder) return new Map()',
    replace: 'return new Map()',
  },
  {
    name: 'a hub that is updated leaves rows in the buckets of before',
    file: 'src/sync/hub/reroute.ts',
    find: 'if (!is.includes(bucket)) moves.push(',
    replace: 'if (bucket === "") moves.push(',
    tests: ['src/sync/hub/reroute.pg.test.ts'],
  },
  {
    name: 'arguments of before are read as today’s',
    file: 'src/sync/envelope.ts',
    find: 'let version = from; version < command.version;',
    replace: 'let version = from; version < from;',
  },
  {
    name: 'an update leaves pending work as the release before predicted it',
    file: 'src/sync/device/upgrade.ts',
    find: 'seeds.isAll = true',
    replace: 'seeds.isAll = false',
    tests: ['src/sync/device/upgrade.test.ts'],
  },
  ...booksMutants,
  ...reviewMutants,
]
