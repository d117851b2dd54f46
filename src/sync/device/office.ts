// Asks the hub what only it knows of the whole company. It waits for the network, so it is for pages of the office that say so; it changes
// nothing on the device and is never part of anybody's work.
import { utf8 } from '../../kernel/bytes.ts'
import type { OfficeQuestions } from '../office-protocol.ts'
import type { HubSession } from './session.ts'
import { HubError, OfflineError } from './transport.ts'

export type OfficeAnswer<Q extends keyof OfficeQuestions> =
  | { readonly ok: true; readonly value: OfficeQuestions[Q]['out'] }
  /** `offline`, or why the hub doesn't answer that. */
  | { readonly ok: false; readonly reason: string }

export async function askOffice<Q extends keyof OfficeQuestions>(
  session: HubSession,
  question: Q,
  given: OfficeQuestions[Q]['in'],
): Promise<OfficeAnswer<Q>> {
  try {
    const body = utf8(JSON.stringify(given))
    const { text } = await session.request(`/sync/office/${question}`, body, { 'content-type': 'application/json' })
    return { ok: true, value: JSON.parse(text) as OfficeQuestions[Q]['out'] }
  } catch (fault) {
    if (fault instanceof HubError) return { ok: false, reason: fault.code }
    // An answer that was cut is as good as none.
    if (fault instanceof OfflineError || fault instanceof SyntaxError) return { ok: false, reason: 'offline' }
    throw fault
  }
}
