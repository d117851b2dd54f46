// Makes a replica a device, in Node and in a browser alike, without a hub that knows of it.
import type { Lease } from '../kernel/lease.ts'
import type { Replica } from '../sync/device/replica.ts'
import { textHash } from '../sync/seal.ts'
import { aLease } from './two-sides.ts'

/** Makes a fresh replica a device that no hub has enrolled. */
export function identify(replica: Replica, lease: Partial<Lease> = {}): void {
  const { dev = 'K7Q2' } = lease
  replica.meta.set(
    'identity',
    JSON.stringify({
      hubUrl: '',
      tenant: 't1',
      dev,
      ep: 1,
      keys: {},
      certificate: 'a certificate',
      hubKeys: [],
      incarnation: 'i1',
    }),
  )
  const held = aLease({ buckets: ['company', 'catalogue'], ...lease, dev })
  replica.keepLease({ jws: 'a lease', hash: textHash('a lease'), lease: held })
}
