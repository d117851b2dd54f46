// Completeness: nothing "as of T" is final before every device that may have written there has reported a moment at or
// after T, or work of it from then is here, a sealed close as well. A cut is such a statement with the devices that it waits
// for. The hub alone knows what was reported; it never finishes a cut for a device that it didn't hear of.
import { returnExpired } from './allotment.ts'
import { command, type Context } from './command.ts'
import { code, flag, instant, list, set, text } from './field.ts'
import { table } from './table.ts'

export const cutPurposes = ['count', 'day', 'period'] as const

export const cut = table('kernel.cut', {
  side: 'hub',
  key: ['documentId'],
  fields: {
    purpose: code(cutPurposes),
    document: code(),
    documentId: text(64),
    company: text(64),
    /** Absent: every branch of the company. */
    branch: text(64).optional(),
    /** The moment it speaks of, the hub's time. */
    asOf: instant(),
    /** Whose statement it is: what that device captured before is here, because its work comes in order. */
    device: text(16),
    bucket: text(100),
    /** complete: everybody reported · closed: a person closed it and named who was missing. */
    state: code(['provisional', 'complete', 'closed']),
    /** Devices that it still waits for, once the hub has looked. */
    missing: set().default([]),
    isKnown: flag().default(false),
    closedBy: text(64).optional(),
    remark: text().optional(),
  },
  indexes: { byState: ['state', 'asOf'] },
  buckets: (row) => [row.bucket],
})

export interface CutGiven {
  readonly purpose: (typeof cutPurposes)[number]
  readonly document: string
  readonly documentId: string
  readonly branch: string | null
  readonly asOf: number
  readonly bucket: string
}

/** Opens what is provisional until everybody has reported. On the hub; a second one of the same document begins it anew. */
export function openCut(ctx: Context, given: CutGiven): void {
  ctx.onHub(() => {
    const fresh = {
      ...given,
      device: ctx.device,
      company: ctx.lease.company,
      state: 'provisional' as const,
      isKnown: false,
      missing: [],
    }
    const id = ctx.idOf(cut, { documentId: given.documentId })
    if (ctx.get(cut, id) === null) ctx.insert(cut, { id, ...fresh })
    else ctx.patch(cut, id, { ...fresh, closedBy: null, remark: null })
  })
}

/**
 * What the hub concludes from its devices' reports: it runs this by itself, under the tenant's clock, and it is in no catalogue, so that no
 * device can. Shares that ended before a report go back, and cuts hear which devices they still wait for.
 */
export const concludeReports = command('kernel.concludeReports', {
  kind: 'fact',
  version: 1,
  permission: 'kernel.conclude',
  args: {
    /** Devices that were heard of, and until when everything of them is here. */
    heard: list({ device: text(16), reportedAt: instant() }),
    cuts: list({ cut: text(64), missing: set() }),
  },
  run(ctx, a) {
    for (const { device, reportedAt } of a.heard) returnExpired(ctx, device, reportedAt)
    for (const { cut: id, missing } of a.cuts)
      ctx.patch(cut, id, { missing, isKnown: true, ...(missing.length === 0 && { state: 'complete' as const }) })
  },
})
