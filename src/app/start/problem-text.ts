// Why the way in didn't open, as a sentence that says what to do.
import { t } from '../text/translate.ts'
import type { EntryProblem } from '../worker/calls.ts'

export const problemText = (problem: EntryProblem, reason: string): string => t(`start.error.${problem}`, { reason })
