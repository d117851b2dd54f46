// Why this browser can't hold the device, in words: a private window, an address without https, a worker that didn't load.
import type { Fault } from '../worker/calls.ts'
import { t } from '../text/translate.ts'
import { problemText } from './problem-text.ts'
import { entryProblem } from '../worker/entry-problem.ts'

export function brokenText(fault: Fault | null): string {
  if (!globalThis.isSecureContext) return t('start.error.insecure')
  if (fault === null) return t('start.error.other', { reason: '' })
  const answer = entryProblem({ name: fault.name, kind: fault.kind, message: fault.message })
  return answer.ok ? '' : problemText(answer.problem, answer.reason)
}
