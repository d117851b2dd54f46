// What the office asks about the whole company: its devices, and what a profile would bring. Whoever asks needs the
// permission in today's lease, not in the one their device still holds; nothing here decides about business. [OFF1]
import type { Context, Hono } from 'hono'
import * as z from 'zod/mini'
import { shapeFault } from '../kernel/field.ts'
import type { ArgsFor } from '../kernel/command.ts'
import { mayDo } from '../kernel/lease.ts'
import { draftRole, setRole } from '../modules/masters/set-role.ts'
import { quarantinedWork } from '../sync/hub/quarantine.ts'
import { inTenant } from '../sync/hub/tenant.ts'
import type { OfficeDevice, OfficeQuestions } from '../sync/office-protocol.ts'
import { readBody } from './body.ts'
import type { Hub } from './hub.ts'
import { currentLease } from './leases.ts'
import { estimateProfile } from './profile-estimate.ts'
import { previewErasure } from './erasure-preview.ts'
import { erasuresOf } from './erasures.ts'
import { transfersOf } from './transfers.ts'
import { callerFrom, JSON_BYTES_MAX, noNul, parsed, wrong } from './requests.ts'

const short = z.string().check(z.maxLength(200), noNul)
const quarantinedBody = z.object({ dev: short })
const erasureBody = z.object({ table: short, subject: short })
const profileBody = z.object({ signIn: short, role: z.optional(z.record(z.string(), z.unknown())) })

type Question = keyof OfficeQuestions
const permissions: Readonly<Record<Question, string>> = {
  devices: 'masters.seeDevices',
  erasure: 'privacy.erase',
  erasures: 'privacy.erase',
  quarantined: 'masters.seeDevices',
  transfers: 'masters.seeDevices',
  profile: 'masters.setRights',
}

/** What is asked, or why there is no answer. */
async function askedOf(c: Context, hub: Hub, question: Question): Promise<{ readonly text: string } | Response> {
  const body = await readBody(c.req.raw, JSON_BYTES_MAX)
  if (typeof body === 'string') return wrong(c, 413, body, { bytesMax: JSON_BYTES_MAX })
  const caller = await callerFrom(c, hub, body)
  if (caller instanceof Response) return caller
  const held = await inTenant(hub.pool, hub.tenant, (client) => currentLease(client, hub, caller))
  if (held === null) return wrong(c, 403, 'sync.revoked')
  const permission = permissions[question]
  if (!mayDo(held.lease, permission)) return wrong(c, 422, 'office.not-permitted', { permission })
  return { text: Buffer.from(body).toString('utf8') }
}

/** Of the whole company: there is nothing to say beside the question. */
const ofAll = { devices: devicesOf, transfers: transfersOf, erasures: erasuresOf } as const

export function addOffice(app: Hono, hub: Hub): void {
  for (const [question, answer] of Object.entries(ofAll))
    app.post(`/sync/office/${question}`, async (c) => {
      const asked = await askedOf(c, hub, question as keyof typeof ofAll)
      return asked instanceof Response ? asked : c.json(await answer(hub))
    })

  app.post('/sync/office/erasure', async (c) => {
    const asked = await askedOf(c, hub, 'erasure')
    if (asked instanceof Response) return asked
    const given = parsed(asked.text, erasureBody)
    if (given === null) return wrong(c, 422, 'office.malformed')
    const preview = await previewErasure(hub, given)
    return preview === null ? wrong(c, 422, 'office.unknown-subject') : c.json(preview)
  })

  app.post('/sync/office/quarantined', async (c) => {
    const asked = await askedOf(c, hub, 'quarantined')
    if (asked instanceof Response) return asked
    const given = parsed(asked.text, quarantinedBody)
    if (given === null) return wrong(c, 422, 'office.malformed')
    return c.json(await inTenant(hub.pool, hub.tenant, (client) => quarantinedWork(client, hub.tenant, given.dev)))
  })

  app.post('/sync/office/profile', async (c) => {
    const asked = await askedOf(c, hub, 'profile')
    if (asked instanceof Response) return asked
    const given = parsed(asked.text, profileBody)
    if (given === null || (given.role !== undefined && shapeFault(setRole.schema, given.role) !== null))
      return wrong(c, 422, 'office.malformed')
    const draft = given.role === undefined ? null : draftRole(given.role as ArgsFor<typeof setRole>)
    const estimate = await estimateProfile(hub, given.signIn, draft)
    return estimate === null ? wrong(c, 422, 'office.unknown-person', { signIn: given.signIn }) : c.json(estimate)
  })
}

/** The newest life of each device, those that were seen last first. */
async function devicesOf(hub: Hub): Promise<OfficeDevice[]> {
  const found = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<OfficeDevice>(
      `SELECT DISTINCT ON (d.dev) d.dev, d.ep, d.user_id AS "user", u.name AS "userName", u.branch, d.state, d.is_lost AS "isLost",
         d.enrolled_at AS "enrolledAt", nullif(GREATEST(coalesce(d.seen_at, 0), d.reported_at), 0) AS "seenAt", d.revoked_at AS "revokedAt", d.last_seq AS commands, d.integrity, d.aside, d.incidents,
         (SELECT count(*)::int FROM kernel_exception e WHERE e.tenant_id = $1 AND e.dev = d.dev AND e.state = 'open' AND e.gone_at IS NULL) AS "openExceptions",
         (SELECT count(*)::int FROM quarantined q WHERE q.tenant_id = $1 AND q.dev = d.dev) AS quarantined
       FROM device d LEFT JOIN masters_user u ON u.tenant_id = d.tenant_id AND u.id = d.user_id
       WHERE d.tenant_id = $1 AND d.state NOT IN ('rescue', 'hub') ORDER BY d.dev, d.ep DESC`,
      [hub.tenant],
    ),
  )
  return found.rows.toSorted((a, b) => (b.seenAt ?? 0) - (a.seenAt ?? 0) || (a.dev < b.dev ? -1 : 1))
}
