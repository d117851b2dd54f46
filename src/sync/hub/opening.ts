// Opens the commands of a part: arguments upcast and made plain, authority judged, legal numbers compared, requests about parked commands
// turned into their originals, work of an earlier life recognised. It decides nothing about the business and writes nothing.
import type { PoolClient } from 'pg'
import { openEnvelope, spaceOf } from '../envelope.ts'
import { runsParked } from '../protocol.ts'
import type { Incoming } from './apply.ts'
import { authorityOf, leaseOf, noLease, type KnownAuthority } from './authority.ts'
import { checkEarlierNumbers, isOwnOriginal, type EarlierLives } from './earlier-life.ts'
import { checkNumbers, type SeriesState } from './numbers.ts'
import type { PushContext } from './push.ts'
import { redirect } from './resubmission.ts'
import type { ReceivedCommand } from './streams.ts'

export async function openAll(
  client: PoolClient,
  context: PushContext,
  fresh: readonly ReceivedCommand[],
  known: KnownAuthority,
  lives: EarlierLives,
): Promise<Incoming[]> {
  const opened = onceEach(fresh.map((received) => openOne(context, received, known, lives)))
  for (const [index, incoming] of opened.entries()) {
    const { type } = incoming.envelope
    if (runsParked(type)) opened[index] = await redirect(client, context, incoming)
  }
  return opened
}

/** An original named twice in one part counts for the first that names it. */
function onceEach(part: readonly Incoming[]): Incoming[] {
  const seals = new Set<string>()
  return part.map((incoming) => {
    const seal = broughtBy(incoming)
    if (seal === null || !seals.has(seal)) {
      if (seal !== null) seals.add(seal)
      return incoming
    }
    return { ...incoming, unfit: { reason: 'sync.not-your-life', facts: { seal } } }
  })
}

function openOne(
  context: PushContext,
  received: ReceivedCommand,
  known: KnownAuthority,
  lives: EarlierLives,
): Incoming {
  const { envelope, seal, missingPd } = received
  const opened = openEnvelope(context.catalogue, envelope, received.pd)
  const receivedAt = context.now()
  const frame = {
    tenant: context.tenant,
    dev: envelope.dev,
    ...spaceOf(envelope),
    at: envelope.at,
    tz: envelope.tz,
    lease: leaseOf(envelope, opened.ok ? opened.command : null, known) ?? noLease(context.tenant, envelope.dev),
    nos: envelope.nos ?? {},
    base: opened.ok ? opened.base : {},
    seen: envelope.seen,
    off: envelope.off ?? null,
    receivedAt,
  }
  const authority = authorityOf(envelope, known, receivedAt)
  const unopened = opened.ok ? null : { reason: opened.reason, facts: { detail: opened.detail } }
  const stranger = isOwnOriginal(envelope) ? null : { reason: 'sync.not-your-life', facts: {} }
  const taken = stranger === null && envelope.was !== undefined ? lives.taken.get(envelope.was.seal) : undefined
  return {
    envelope,
    seal,
    ...(taken !== undefined && { taken }),
    command: opened.ok ? opened.command : null,
    args: opened.ok ? opened.args : {},
    frame,
    unfit: stranger ?? unopened ?? authority.fault,
    incomplete: missingPd,
    personal: Object.keys(received.pd ?? {}),
    raises: authority.raises,
    receivedAt,
  }
}

/** The command with what its legal numbers say; `series` is raised by them. */
export function numbered(incoming: Incoming, series: SeriesState, lives: EarlierLives): Incoming {
  if (incoming.taken !== undefined || incoming.unfit?.reason === 'sync.not-your-life') return incoming
  const { was } = incoming.envelope
  if (was !== undefined) {
    const raised = checkEarlierNumbers(lives.series.get(was.ep) ?? {}, incoming.envelope)
    return { ...incoming, raises: [...(incoming.raises ?? []), ...raised] }
  }
  const checked = checkNumbers(series, incoming.envelope.nos ?? {})
  if (!checked.isUsed)
    return checked.gaps.length === 0 ? incoming : { ...incoming, raises: [...(incoming.raises ?? []), ...checked.gaps] }
  return {
    ...incoming,
    unfit: { reason: 'sync.number-used', facts: { series: checked.series, counter: checked.counter } },
  }
}

/** The earlier life's line that counts as taken from now on. */
export const broughtBy = ({ envelope: { was }, taken, unfit }: Incoming): string | null =>
  was === undefined || taken !== undefined || unfit?.reason === 'sync.not-your-life' ? null : was.seal
