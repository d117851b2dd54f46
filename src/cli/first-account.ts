// The first way into an empty hub: one account that may set everything up, with a password made here and shown once.
import { randomBytes } from 'node:crypto'
import { base32Encode } from '../kernel/bytes.ts'
import { setAccount } from '../hub/enrolment.ts'
import type { Hub } from '../hub/hub.ts'
import { SETUP_USER } from '../hub/leases.ts'
import { inTenant } from '../sync/hub/tenant.ts'

export interface FirstAccount {
  readonly signIn: string
  readonly password: string
}

const PASSWORD_BYTES = 10 // 16 letters, 80 bits

/** Whether nobody can sign in to this hub yet. */
export async function isEmpty(hub: Hub): Promise<boolean> {
  const found = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query('SELECT 1 FROM account WHERE tenant_id = $1 LIMIT 1', [hub.tenant]),
  )
  return (found.rowCount ?? 0) === 0
}

/** Makes the set-up account when nobody can sign in yet; null when somebody can. */
export async function firstAccount(hub: Hub): Promise<FirstAccount | null> {
  if (!(await isEmpty(hub))) return null
  const password = base32Encode(randomBytes(PASSWORD_BYTES)).toLowerCase()
  await setAccount(hub, { user: SETUP_USER, signIn: SETUP_USER, password })
  return { signIn: SETUP_USER, password }
}
