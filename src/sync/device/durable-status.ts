// The half of a device's status that its database holds: true after a kill as before it. It knows no exchange and no clock.
import type { DeviceStatus, SignedIn } from './api.ts'
import { integrityOf } from './integrity.ts'
import type { Identity, Replica } from './replica.ts'
import { needsAuthor } from './saved-work.ts'

type Durable =
  | 'device'
  | 'epoch'
  | 'tenant'
  | 'hubUrl'
  | 'waiting'
  | 'oldestWaitingAt'
  | 'needsYou'
  | 'lastContactAt'
  | 'watermark'
  | 'seq'
  | 'isReady'
  | 'integrity'
  | 'blobs'
  | 'setAside'
  | 'incidents'

export function durableStatus(replica: Replica, { dev, ep, tenant, hubUrl }: Identity): Pick<DeviceStatus, Durable> {
  const { db, meta } = replica
  const waiting = replica.waiting.read()
  const contact = meta.get('contactAt')
  return {
    device: dev,
    epoch: ep,
    tenant,
    hubUrl,
    waiting: waiting.count,
    oldestWaitingAt: waiting.oldestAt,
    needsYou: needsAuthor(db, dev),
    lastContactAt: contact === null ? null : Number(contact),
    watermark: replica.watermark,
    seq: replica.seq,
    isReady: replica.isReady,
    integrity: integrityOf(replica),
    blobs: replica.blobs.waiting(),
    setAside: db.get<{ n: number }>('SELECT COUNT(DISTINCT tbl || id) AS n FROM set_aside')?.n ?? 0,
    incidents: db.get<{ n: number }>('SELECT COUNT(*) AS n FROM incident')?.n ?? 0,
  }
}

/** Who works here, as their lease says. */
export function signedInOf(replica: Replica): SignedIn {
  const lease = replica.lease()?.lease
  if (lease === undefined) throw new Error('This device holds no lease.')
  const { user, name, company, branch, roles, permissions, limits, policy } = lease
  return { user, name, company, branch, roles, permissions, limits, policy }
}
