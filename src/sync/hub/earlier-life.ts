// Work that a device captured in an earlier life (cloned, restored from a backup, enrolled again) and sends under its new epoch: it runs
// in the id and number space it was captured in, and each original counts once, however many lives or files bring it. It never trusts
// what an envelope says of its original: the seal over the original line, made again from the envelope, must be the one it names.
import type { Pool, PoolClient } from 'pg'
import type { RaisedException } from '../../kernel/refusal.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import { lineOf, originalOf } from '../envelope.ts'
import type { Envelope, Outcome, PullHead } from '../protocol.ts'
import { sealOf, textHash, type Jwk } from '../seal.ts'
import type { Decided } from './apply.ts'
import { checkNumbers, type SeriesState } from './numbers.ts'
import { inTenant } from './tenant.ts'

/** What the hub knows of the originals that a part's envelopes name. */
export interface EarlierLives {
  /** Decisions that stand already, by the original's seal. */
  readonly taken: ReadonlyMap<string, Omit<Decided, 'at'>>
  /** Numbers drawn in earlier epochs, by epoch; raised by what is applied. */
  readonly series: ReadonlyMap<number, SeriesState>
}

/** A certificate as the hub signed it. */
export interface Certified {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly key?: Jwk
  /** The sequence that this life's first command follows. */
  readonly after?: number
  /** Of the hub that signed it. */
  readonly incarnation?: string
}

/**
 * A hub restored from a backup may have lost an earlier life altogether: it takes it back on its own signature, as one that a later life
 * replaced. Whether it knows it now. [LIFE7]
 */
export async function readmitLife(
  hub: {
    readonly pool: Pool
    readonly tenant: string
    readonly now: () => number
    readonly verify: <T>(jws: string) => Promise<T | null>
  },
  { header, life }: { readonly header: { readonly dev: string; readonly ep: number }; readonly life?: string },
  user: string,
  state: 'active' | 'replaced' = 'replaced',
): Promise<boolean> {
  const certified = life === undefined ? null : await hub.verify<Certified>(life)
  const isOurs = certified?.tenant === hub.tenant && certified.dev === header.dev && certified.ep === header.ep
  return inTenant(hub.pool, hub.tenant, async (client) => {
    if (isOurs && certified.key !== undefined && life !== undefined)
      await addLife(client, { ...certified, key: certified.key }, { user, certificate: life, now: hub.now(), state })
    const found = await client.query('SELECT 1 FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3', [
      hub.tenant,
      header.dev,
      header.ep,
    ])
    return found.rows.length > 0
  })
}

/** A life by its certificate, unless the hub has it. */
export async function addLife(
  client: PoolClient,
  { tenant, dev, ep, key, after = 0 }: Certified & { readonly key: Jwk },
  given: {
    readonly user: string
    readonly certificate: string
    readonly now: number
    readonly state: 'active' | 'replaced'
  },
): Promise<void> {
  const { user, certificate, now, state } = given
  await client.query(
    `INSERT INTO device (tenant_id, dev, ep, user_id, public_key, certificate, last_seal, enrolled_at, last_seq, follows, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10) ON CONFLICT DO NOTHING`,
    [tenant, dev, ep, user, JSON.stringify(key), certificate, textHash(certificate), now, after, state],
  )
}

/** Of a device, tenant in $1, name in $2, epoch in $3: what is in the log of each life before, as [epoch, last sequence]. */
export const LIVES_BEFORE =
  '(SELECT json_agg(json_build_array(e.ep, e.last_seq)) FROM device e WHERE e.tenant_id = $1 AND e.dev = $2 AND e.ep < $3)'

/** What the hub has of the life of a device that asks, and of those before it. */
export const livesOf = async (
  { pool, tenant }: { readonly pool: Pool; readonly tenant: string },
  { dev, ep }: { readonly dev: string; readonly ep: number },
): Promise<Pick<PullHead, 'has' | 'before'>> =>
  inTenant(pool, tenant, async (client) => {
    const found = await client.query<{ has: number; before: PullHead['before'] | null }>(
      `SELECT last_seq AS has, ${LIVES_BEFORE} AS before FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = $3`,
      [tenant, dev, ep],
    )
    return { has: found.rows[0]?.has ?? 0, before: found.rows[0]?.before ?? [] }
  })

/** Whether the envelope's original is what it says: an earlier epoch's line of this device, of which it is the exact remake. */
export function isOwnOriginal(envelope: Envelope): boolean {
  const { was } = envelope
  return was === undefined || (was.ep < envelope.ep && sealOf(was.prev, lineOf(originalOf(envelope))) === was.seal)
}

/** Locks the numbers of the earlier epochs. The caller holds the tenant's clock and the device. */
export async function loadEarlierLives(
  client: PoolClient,
  tenant: string,
  envelopes: readonly Envelope[],
): Promise<EarlierLives> {
  const again = envelopes.flatMap(({ dev, was }) => (was === undefined ? [] : [{ dev, ...was }]))
  const first = again[0]
  if (first === undefined) return { taken: new Map(), series: new Map() }
  const found = await client.query<{
    of: string
    outcome: Outcome['outcome']
    eff: string
    reason: string | null
    facts: Decided['facts']
  }>(
    `SELECT q.seal AS of, l.outcome, l.eff, l.reason, l.facts FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS q(ep, seq, seal)
     JOIN command_log l ON l.tenant_id = $1 AND l.dev = $2 AND l.ep = q.ep AND l.seq = q.seq AND l.seal = q.seal
     UNION ALL
     SELECT l.origin, l.outcome, l.eff, l.reason, l.facts FROM command_log l WHERE l.tenant_id = $1 AND l.origin = ANY ($5::text[])`,
    [tenant, first.dev, again.map(({ ep }) => ep), again.map(({ seq }) => seq), again.map(({ seal }) => seal)],
  )
  const series = await client.query<{ ep: number; series: SeriesState }>(
    'SELECT ep, series FROM device WHERE tenant_id = $1 AND dev = $2 AND ep = ANY ($3::bigint[]) FOR UPDATE',
    [tenant, first.dev, [...new Set(again.map(({ ep }) => ep))]],
  )
  return {
    taken: new Map(
      found.rows.map(({ of, outcome, eff, reason, facts }) => [of, { outcome, eff, reason, facts: facts ?? {} }]),
    ),
    series: new Map(series.rows.map(({ ep, series: state }) => [ep, state])),
  }
}

export async function keepEarlierSeries(
  client: PoolClient,
  tenant: string,
  dev: string,
  { series }: EarlierLives,
): Promise<void> {
  await inOneFlight(
    [...series].map(([ep, state]) =>
      client.query('UPDATE device SET series = $4 WHERE tenant_id = $1 AND dev = $2 AND ep = $3', [
        tenant,
        dev,
        ep,
        JSON.stringify(state),
      ]),
    ),
  )
}

/** The paper is in somebody's hand: a number that two lives printed stands on both, and people are told. [LIFE4] */
export function checkEarlierNumbers(state: SeriesState, envelope: Envelope): readonly RaisedException[] {
  const checked = checkNumbers(state, envelope.nos ?? {})
  if (!checked.isUsed) return checked.gaps
  return [{ code: 'NUMBER_TWICE', facts: { series: checked.series, counter: checked.counter } }]
}
