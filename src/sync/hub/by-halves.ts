// Applies a part; when the database can't store something of it, runs it again by halves until the one command that does
// it stands alone, and parks that one. A fault of the server itself (connection, space, shutdown) is never blamed on a
// command: it is thrown, and the device pushes again.
import type { ClientBase } from 'pg'
import type { Catalogue } from '../../kernel/catalogue.ts'
import { BatchCache } from '../../store/postgres/batch-cache.ts'
import { UnfitRow } from '../../store/postgres/flush.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import { WarmRows, type StagedRows } from '../../store/postgres/warm-rows.ts'
import { applyPart, type Decided, type Incoming } from './apply.ts'

/** The part's decisions, and the rows to keep warm once the caller has committed (none after a fault). */
export interface Applied {
  readonly decided: Decided[]
  readonly staged: StagedRows | null
}

/** What is written with a part's rows, in the same flight: sent at once, so that nothing waits for its rows alone. */
export type Beside = (decided: readonly Decided[]) => Promise<unknown>
const nothing: Beside = () => Promise.resolve()

interface Place {
  readonly catalogue: Catalogue
  readonly tenant: string
  /** The tenant's clock before the part. */
  readonly clock: number
}

/** Applies a part on rows that the process may hold from the part before. Inside the caller's transaction. */
export async function applyWarm(
  client: ClientBase,
  { catalogue, tenant, clock }: Place,
  incoming: readonly Incoming[],
  warm: WarmRows,
  beside: Beside = nothing,
): Promise<Applied> {
  const cache = warm.take(clock)
  const decided = await applyByHalves(client, catalogue, tenant, clock, incoming, cache, beside)
  // Rows that were loaded for a part which then failed may be of its own making: they are not kept.
  return { decided, staged: cache.isSettled ? WarmRows.stage(cache, clock + incoming.length) : null }
}

/** Inside the caller's transaction, which stays usable. [PUSH4] */
export async function applyByHalves(
  client: ClientBase,
  catalogue: Catalogue,
  tenant: string,
  clock: number,
  incoming: readonly Incoming[],
  cache: BatchCache = new BatchCache(),
  beside: Beside = nothing,
): Promise<Decided[]> {
  const savepoint = client.query({ name: 'savepoint', text: 'SAVEPOINT part' })
  let isReleased = false
  // The rows are stored: what fails from here on is no command's doing.
  const behind: Beside = (decided) =>
    inOneFlight([
      client.query({ name: 'release-savepoint', text: 'RELEASE SAVEPOINT part' }).then(() => (isReleased = true)),
      beside(decided),
    ])
  try {
    const [, decided] = await inOneFlight([
      savepoint,
      applyPart(client, catalogue, tenant, clock, incoming, cache, behind),
    ])
    cache.isSettled = true
    return decided
  } catch (fault) {
    if (isReleased || (!(fault instanceof UnfitRow) && !isDataFault(fault))) throw fault
    // Released as well: a savepoint left behind would hide the one of the same name around it.
    await client.query('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part')
    const decided = await halved(client, { catalogue, tenant, clock }, incoming, fault)
    await beside(decided)
    return decided
  }
}

async function halved(
  client: ClientBase,
  { catalogue, tenant, clock }: Place,
  incoming: readonly Incoming[],
  fault: UnfitRow | (Error & { code: string }),
): Promise<Decided[]> {
  const only = incoming[0]
  if (incoming.length === 1 && only !== undefined) {
    // The database's sentence may quote the value, which may be personal; its code says enough.
    const unfit = isDataFault(fault)
      ? { reason: 'hub.cannot-store', facts: { sqlState: fault.code } }
      : { reason: 'hub.bug', facts: { sentence: fault.message } }
    return applyPart(client, catalogue, tenant, clock, [{ ...only, unfit }])
  }
  const half = Math.ceil(incoming.length / 2)
  const first = await applyByHalves(client, catalogue, tenant, clock, incoming.slice(0, half))
  return [...first, ...(await applyByHalves(client, catalogue, tenant, clock + half, incoming.slice(half)))]
}

/** SQLSTATE classes: 21 cardinality, 22 data, 23 constraints, 54 limits (a text too long for its index). */
const DATA_CLASSES: ReadonlySet<string> = new Set(['21', '22', '23', '54'])

/** A value that this one row can't have, not a fault of the server. */
const isDataFault = (fault: unknown): fault is Error & { code: string } =>
  fault instanceof Error &&
  'code' in fault &&
  typeof fault.code === 'string' &&
  fault.code.length === 5 &&
  DATA_CLASSES.has(fault.code.slice(0, 2))
