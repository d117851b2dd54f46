// What a device does once in a while: it is enrolled, downloads what lies ready for it, forgets somebody who was erased, and goes on in
// its next life with work that waits. Like the acts beside it: the device's own code, and a hub on paper.
import { CONFIRM_ERASURE, ERASE_SUBJECT } from '../../kernel/erasure.ts'
import { stageOf } from '../../kernel/lease.ts'
import { sha256 } from '../../kernel/hash.ts'
import { hex } from '../../kernel/bytes.ts'
import { storeEnrolment, storeNextLife } from '../../sync/device/enrol.ts'
import { takeChunk } from '../../sync/device/bootstrap.ts'
import { confirmErasures } from '../../sync/device/erasures.ts'
import { firstWaiting } from '../../sync/device/next-life.ts'
import { Pieces } from '../../sync/device/pieces.ts'
import type { HeldLease, Identity, Replica } from '../../sync/device/replica.ts'
import { applyPull } from '../../sync/device/settle.ts'
import type { ChunkRows } from '../../sync/protocol.ts'
import { textHash } from '../../sync/seal.ts'
import { captureOf } from '../command-pairs.ts'
import { shop } from '../decision-world.ts'
import { aLease } from '../two-sides.ts'
import { builderOf, commandOf, DEV, hubOf, NOON, paperDevice, save, workOf, type Company } from './acts.ts'
import type { Act, Files } from './cut.ts'

export interface ActFrom {
  readonly act: Act
  readonly begin: Files
}

export const lifeActs = (company: Company): ActFrom[] => [
  ...enrolmentActs(company),
  ...chunkActs(company),
  ...erasureActs(company),
]

const anIdentity = (ep: number): Identity => ({
  hubUrl: 'https://hub.test',
  tenant: 't1',
  dev: DEV,
  ep,
  keys: {} as Identity['keys'],
  certificate: `the certificate of life ${ep}`,
  hubKeys: [],
  incarnation: 'i1',
  after: 0,
})

function aHeldLease({ paper }: Company, jws: string): HeldLease {
  const { company, branch } = shop
  const lease = aLease({ dev: DEV, user: 'deva', company, branch, buckets: [...paper.buckets] })
  return { jws, hash: textHash(jws), lease }
}

function enrolmentActs(company: Company): ActFrom[] {
  const nextLife = (replica: Replica): void => {
    const before = replica.identity()
    if (before === null) throw new Error('It was enrolled before.')
    const given = { identity: anIdentity(before.ep + 1), lease: aHeldLease(company, 'the lease of the next life') }
    storeNextLife(replica, { ...given, before, firstSeq: firstWaiting(replica) }, NOON)
  }
  return [
    {
      begin: company.fresh,
      act: {
        name: 'an enrolment',
        run: (replica) =>
          storeEnrolment(replica, { identity: anIdentity(1), lease: aHeldLease(company, 'the first lease') }, NOON),
        isRepeatable: false,
      },
    },
    {
      begin: company.full,
      act: { name: 'a next life with waiting work', prepare: workOf(company), run: nextLife, isRepeatable: false },
    },
  ]
}

/** The largest bucket as a hub has it ready: in two chunks. */
function chunksOf({ hub, paper }: Company): { readonly bucket: string; readonly chunks: readonly ChunkRows[][] } {
  const carried = [...hub.carried(paper).values()]
  const sizes = new Map<string, number>()
  for (const { buckets } of carried) for (const name of buckets) sizes.set(name, (sizes.get(name) ?? 0) + 1)
  const [bucket = ''] = [...sizes].sort(([, one], [, other]) => other - one)[0] ?? []
  const rows = carried.filter(({ buckets }) => buckets.includes(bucket))
  const lines = [...new Set(rows.map(({ table }) => table))].map((table): ChunkRows => {
    const own = rows.filter((each) => each.table === table).map(({ row }) => row)
    own.sort((one, other) => (one.id < other.id ? -1 : 1))
    const cols = ['goneAt', ...table.fieldNames]
    const columns = cols.map((col) => own.map((row) => row[col] ?? null)) as ChunkRows['columns']
    return { chunk: table.name, cols, ids: own.map(({ id }) => id), columns }
  })
  const half = Math.ceil(lines.length / 2)
  return { bucket, chunks: [lines.slice(0, half), lines.slice(half)] }
}

function chunkActs(company: Company): ActFrom[] {
  const { bucket, chunks } = chunksOf(company)
  const named = chunks.map((lines, at) => {
    const content = new TextEncoder().encode(JSON.stringify(lines))
    return { at, lines, content, sha: hex(sha256(content)), bucket, w: 1, generation: 1 }
  })
  const planned = (replica: Replica): void => {
    for (const { at, sha, content, w, generation } of named) {
      const held = replica.lease()
      if (held === undefined || held === null) throw new Error('It was enrolled before.')
      replica.db.run(
        'INSERT INTO bootstrap_chunk (bucket, at, sha, bytes, rows, w, generation, incarnation, stage, is_essential) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, 1)',
        [bucket, at, sha, content.length, w, generation, 'i1', stageOf(held.lease, bucket)],
      )
      // The half of it that came before a cut.
      new Pieces(replica.db).append(sha, 0, content.subarray(0, content.length / 2))
    }
  }
  const take = (at: number) => (replica: Replica) => {
    const chunk = named[at]
    if (chunk === undefined) throw new Error('A bucket of two chunks has no third.')
    takeChunk(replica, chunk, chunk.lines, NOON)
  }
  const isRepeatable = true
  return [
    {
      begin: company.empty,
      act: { name: 'a chunk of the first download', prepare: planned, run: take(0), isRepeatable },
    },
    {
      begin: company.empty,
      act: {
        name: 'the last chunk of the first download',
        prepare(replica) {
          planned(replica)
          take(0)(replica)
        },
        run: take(1),
        isRepeatable,
      },
    },
  ]
}

/** Somebody is erased about whom this device has rows, and work that waits. */
function erasureActs(company: Company): ActFrom[] {
  const { world, full } = company
  const hub = hubOf(world)
  const paper = paperDevice(company.paper.buckets)
  hub.page(paper)
  const { command, args, frame } = captureOf(world, commandOf(ERASE_SUBJECT), builderOf(ERASE_SUBJECT), 1)
  hub.w += 1
  const done = hub.run(command, args, { ...frame, commit: hub.w })
  if (done.outcome === 'parked') throw new Error('The erasure was parked.')
  const page = hub.page(paper)
  const forget = (replica: Replica): void => void applyPull(replica, [page], NOON)
  const confirm = (replica: Replica): void =>
    void confirmErasures(replica, (name, given, { requestKey = '' }) => save(replica, name, given, requestKey))
  return [
    { begin: full, act: { name: 'an erased person is forgotten', run: forget, isRepeatable: false } },
    {
      begin: full,
      act: {
        name: 'an erased person is forgotten under waiting work',
        prepare: workOf(company),
        run: forget,
        isRepeatable: false,
      },
    },
    {
      begin: full,
      act: {
        name: `${CONFIRM_ERASURE} once the files are clean`,
        prepare: forget,
        run: confirm,
        isRepeatable: true,
        hasSteps: true,
      },
    },
  ]
}
