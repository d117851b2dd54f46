// Everything that can go wrong in the simulated world, by name, and a count of what really did. A fault that was planned
// and never came to pass makes a run worthless, so it is only counted where it happens.

export const requestFaults = [
  'drop-request',
  'drop-answer',
  'duplicate',
  'delay-request',
  'delay-answer',
  'truncate-answer',
  'corrupt-request',
  'captive-portal',
  'bad-gateway',
] as const
export type RequestFault = (typeof requestFaults)[number]

/** What a piece of a photo meets. */
export const uploadFaults = [
  'drop-request',
  'drop-answer',
  'duplicate',
  'delay-request',
  'corrupt-request',
] as const satisfies readonly RequestFault[]

export const faults = [
  ...requestFaults,
  'reorder',
  'offline',
  'one-way-partition',
  'push-blocked',
  'flap',
  'crash-kill',
  'crash-power-loss',
  'storage-full',
  'clock-forward-10-years',
  'clock-back-10-years',
  'clock-frozen',
  'machine-slept',
  'hub-restart',
  'hub-dies-before-statement',
  'hub-dies-after-statement',
  'hub-restored',
  'hub-failover',
  'two-hub-processes',
  'poison-command',
  'unstorable-command',
  'rights-changed-offline',
  'user-moved-branch',
  'user-disabled',
  'region-changed',
  'lease-expired',
  'device-revoked',
  'revoked-with-unsent-work',
  'delete-against-edit',
  'backlog-90-days',
  'throttle',
  'storage-full-at-each-write',
  'leader-died-in-save',
  'leader-died-in-exchange',
  'answer-for-a-dead-tab',
  'upload-cut',
  'upload-repeated',
  'upload-out-of-order',
  'hostile-client',
  'insider-refused',
  'insider-wrote-over',
  'device-cloned',
  'device-restored',
  'storage-evicted',
  'hub-updated',
  'older-hub-process',
  'stale-schema',
  'app-updated-mid-sync',
  'updated-with-unsent-work',
  'died-in-update',
  'update-held-back',
  'update-demanded',
  'person-erased',
  'erasure-with-unsent-edits',
  'copy-enrolled-again',
  'revoked-enrolled-again',
  'one-work-of-two-lives',
  'number-printed-twice',
  'parked-resubmitted',
  'parked-forced',
  'parked-discarded',
  'parked-reopened',
  'parked-child-ran',
  'parked-decided-twice',
] as const
export type Fault = (typeof faults)[number]

export class FaultCount {
  private readonly counts = new Map<Fault, number>()

  fired(fault: Fault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1)
  }

  has(fault: Fault): boolean {
    return this.counts.has(fault)
  }

  add(other: Readonly<Record<string, number>>): void {
    for (const [fault, count] of Object.entries(other))
      if (count > 0) this.counts.set(fault as Fault, (this.counts.get(fault as Fault) ?? 0) + count)
  }

  /** In the order of the list above. */
  toRecord(): Record<string, number> {
    return Object.fromEntries(faults.flatMap((fault) => [[fault, this.counts.get(fault) ?? 0] as const]))
  }

  get missing(): Fault[] {
    return faults.filter((fault) => !this.counts.has(fault))
  }
}
