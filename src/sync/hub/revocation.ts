// Shuts out devices and people: in the commit that has the command in the log, behind the tenant's lock, so that each part of a push
// is either committed before it or judged by it. It judges nothing itself (authority.ts), and what was committed stays committed.
import type { PoolClient } from 'pg'
import { momentOf } from '../../kernel/moment.ts'
import { isRevocation, REVOKE_DEVICE } from '../../kernel/revocation.ts'
import { inOneFlight } from '../../store/postgres/in-one-flight.ts'
import type { Decided, Incoming } from './apply.ts'

/**
 * Of the device `d`, tenant in $1: it, or whoever it was enrolled for, gets nothing any more. A life that was over already, or forked, keeps
 * the state that says so, and a copy of it is shut out with the others. [REVOKE1]
 */
export const SHUT_OUT = `(d.state = 'revoked' OR d.revoked_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM account p WHERE p.tenant_id = $1 AND p.user_id = d.user_id AND p.revoked_at IS NOT NULL))`

interface Revocation {
  readonly device: string | null
  readonly user: string | null
  readonly isLost: boolean
  /** From then on, on the hub's clock: what was captured before counts. */
  readonly at: number
}

/** What a decided part shuts out. */
function revocationsIn(runs: readonly Incoming[], decided: readonly Decided[]): Revocation[] {
  return runs.flatMap(({ command, args, frame }, index) => {
    const outcome = decided[index]?.outcome
    if (command === null || !isRevocation(command.name) || (outcome !== 'accepted' && outcome !== 'adjusted')) return []
    // The author's clock may be wrong by years; its lease, which the hub signed, can't be.
    const at = Math.max(momentOf(frame).at, frame.lease.from)
    const isDevice = command.name === REVOKE_DEVICE
    return [
      {
        device: isDevice ? String(args['device']) : null,
        user: isDevice ? null : String(args['user']),
        isLost: args['isLost'] === true,
        at,
      },
    ]
  })
}

/** A device that is shut out already keeps its moment; that it is lost may be said later. [REVOKE1] */
export async function shutOut(
  client: PoolClient,
  tenant: string,
  runs: readonly Incoming[],
  decided: readonly Decided[],
): Promise<void> {
  await inOneFlight(
    revocationsIn(runs, decided).map(({ device, user, isLost, at }) =>
      device === null
        ? client.query(
            'UPDATE account SET revoked_at = coalesce(revoked_at, $3) WHERE tenant_id = $1 AND user_id = $2',
            [tenant, user, at],
          )
        : client.query(
            `UPDATE device SET revoked_at = coalesce(revoked_at, $3), is_lost = is_lost OR $4,
               state = CASE WHEN state = 'active' THEN 'revoked' ELSE state END
             WHERE tenant_id = $1 AND dev = $2 AND state NOT IN ('rescue', 'hub')`,
            [tenant, device, at, isLost],
          ),
    ),
  )
}
