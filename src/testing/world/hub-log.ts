// What the laws are asked about, as it lies on the hub: the log line by line and the rows of every table.
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { AnyRow } from '../../kernel/table.ts'
import type { Hub } from '../../hub/hub.ts'
import { selectedOf } from '../../store/postgres/hub-tables.ts'
import { inTenant } from '../../sync/hub/tenant.ts'
import type { Told } from './model.ts'
import type { WorldDevice } from './world-device.ts'

export interface LogRow {
  readonly dev: string
  readonly ep: number
  readonly seq: number
  readonly at: number
  readonly type: string
  readonly seal: string
  readonly prev: string
  readonly line: string
  readonly outcome: string
  readonly reason: string | null
  /** Of work of an earlier life that this line brought first: its seal in that life. */
  readonly origin: string | null
}

export async function logOf(hub: Hub): Promise<LogRow[]> {
  const found = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<LogRow>(
      'SELECT dev, ep, seq, at, type, seal, prev, line, outcome, reason, origin FROM command_log WHERE tenant_id = $1 ORDER BY at',
      [hub.tenant],
    ),
  )
  return found.rows
}

export type HubRows = ReadonlyMap<string, readonly AnyRow[]>

export function rowsOf(hub: Hub, catalogue: Pick<Catalogue, 'tables'>): Promise<HubRows> {
  return inTenant(hub.pool, hub.tenant, async (client) => {
    const rows = new Map<string, AnyRow[]>()
    for (const table of catalogue.tables.values()) {
      const { rows: found } = await client.query<AnyRow & Record<string, unknown>>(
        `SELECT ${selectedOf(table, 't')} FROM ${table.sqlName} t WHERE tenant_id = $1 ORDER BY id`,
        [hub.tenant],
      )
      rows.set(table.name, found)
    }
    return rows
  })
}

export const keyOf = ({ dev, ep, seq }: Pick<Told, 'dev' | 'ep' | 'seq'>): string => `${dev}/${ep}/${seq}`
export const said = (device: WorldDevice, seq: number): string => `${device.name}:c${seq}`
