// A hub for a campaign: its own database in a folder of its own, the setup account to enrol by, and nothing left when the work is over.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAccount } from '../hub/enrolment.ts'
import { SETUP_USER } from '../hub/leases.ts'
import { serve, type ServedHub } from '../hub/serve.ts'
import { wireCatalogue } from './wire-catalogue.ts'

export interface OwnHub {
  readonly served: ServedHub
  readonly signIn: string
  readonly password: string
}

/** `now`: its clock, if it isn't the machine's. */
export async function onOwnHub(work: (hub: OwnHub) => Promise<void>, now?: () => number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-campaign-'))
  const served = await serve({ dataDir, port: 0, catalogue: wireCatalogue, ...(now !== undefined && { now }) })
  const account = { signIn: SETUP_USER, password: 'only for this campaign' }
  try {
    await setAccount(served.hub, { user: SETUP_USER, ...account })
    await work({ served, ...account })
  } finally {
    await served.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
