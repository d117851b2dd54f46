// Erases anew what a database from a backup brought back: the key store remembers whose keys it destroyed. Before anybody is served.
import { ERASE_SUBJECT } from '../../kernel/erasure.ts'
import { runOwn } from './own-command.ts'
import type { PushContext } from './push.ts'
import { inTenant } from './tenant.ts'

/** Whose key is destroyed is erased, whatever an older database says. How many it erased. [ERASE5] */
export async function eraseAgain(context: PushContext): Promise<number> {
  const { tenant, pool, keys, catalogue } = context
  const command = catalogue.commands.get(ERASE_SUBJECT)
  const gone = await keys.destroyed(tenant)
  if (command === undefined || gone.length === 0) return 0
  const known = await inTenant(pool, tenant, (client) =>
    client.query<{ subject: string }>('SELECT subject FROM kernel_erasure WHERE tenant_id = $1', [tenant]),
  )
  const done = new Set(known.rows.map(({ subject }) => subject))
  const left = gone.filter(({ subject }) => !done.has(subject))
  for (const { subject, table } of left) await runOwn(context, { command, args: { table, subject }, user: 'hub' })
  return left.length
}
