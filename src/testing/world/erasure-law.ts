// L10: of an erased person no byte is left, on the hub or on any device that could hear of it. What was said about them is known from what
// devices were told, and it is looked for in every row of every table as text; nothing is believed.
import type { Hub } from '../../hub/hub.ts'
import { inTenant } from '../../sync/hub/tenant.ts'
import { saidOf } from './sim-people.ts'
import type { WorldDevice } from './world-device.ts'

export async function leftOfErased(
  hub: Hub,
  devices: readonly WorldDevice[],
  erased: ReadonlySet<string>,
): Promise<string[]> {
  if (erased.size === 0) return []
  const told = devices.flatMap((device) => [...device.told.values()])
  const said = [...erased].flatMap((subject) => saidOf(told, subject))
  const tracesIn = (where: string, text: string): string[] =>
    said.filter((mark) => text.includes(mark)).map((mark) => `${where} still has ${mark} of somebody who was erased.`)
  const settling = devices.filter(({ excuse }) => excuse === null)
  return [
    ...tracesIn('the hub', await hubText(hub)),
    ...settling.flatMap((each) =>
      deviceTexts(each).flatMap(([table, text]) => tracesIn(`${each.name}'s ${table}`, text)),
    ),
  ]
}

const hubText = ({ pool, tenant }: Hub): Promise<string> =>
  inTenant(pool, tenant, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY 1",
    )
    const each = tables.map(({ name }) => `SELECT x::text AS t FROM ${name} x WHERE x.tenant_id = $1`)
    const { rows } = await client.query<{ t: string }>(each.join(' UNION ALL '), [tenant])
    return rows.map(({ t }) => t).join('\n')
  })

/** By table. Those under the search index are among them: a word that was deleted may still lie there. */
export function deviceTexts({ device }: WorldDevice): (readonly [table: string, text: string])[] {
  const db = device?.replica.db
  const tables = db?.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  )
  return (tables ?? []).map(({ name }) => {
    const values = (db?.all(`SELECT * FROM "${name}"`) ?? []).flatMap((row) => Object.values(row))
    const texts = values.map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
    )
    return [name, texts.join('\n')]
  })
}
