// What the shell itself shows of the business: where the person works and in which currency. Read models only, as in a module.
import type { Module } from '../../kernel/catalogue.ts'
import { view } from '../../kernel/view.ts'
import { ROWS_IN_QUESTION_SQL } from '../../sync/device/saved-work.ts'
import { CHANGED_ROWS_SQL } from '../../sync/device/touch-page.ts'
import { branch, company } from '../../modules/masters/organisation.ts'

export interface Workplace {
  readonly company: string
  readonly branch: string
  readonly currency: string
  readonly minorDigits: number
}

export const workplace = view<Workplace>()('shell.workplace', [company, branch], ({ branch }: { branch: string }) => ({
  text: `SELECT c.name AS company, b.name AS branch, c.currency AS currency, c.minor_digits AS minorDigits
      FROM masters_branch b JOIN masters_company c ON c.id = b.company WHERE b.id = ? AND b.gone_at IS NULL`,
  params: [branch],
}))

/** Rows of a table with an edit that the hub didn't take and that nobody has decided about yet. */
export const inQuestion = view<{ readonly id: string; readonly state: string }>()(
  'shell.inQuestion',
  [],
  ({ table }: { table: string }) => ({ text: ROWS_IN_QUESTION_SQL, params: [table] }),
)

/** Rows of a table with work that isn't settled, and how far it is. The device's own book of pending work, which is no business table. */
export const unsent = view<{ readonly id: string; readonly state: string }>()(
  'shell.unsent',
  [],
  ({ table }: { table: string }) => ({
    text: CHANGED_ROWS_SQL,
    params: [table],
  }),
)

/** The seal of the work that drew a legal number, while this device still holds it. */
export const sealOfNumber = view<{ readonly seal: string }>()(
  'shell.sealOfNumber',
  [],
  ({ number }: { number: string }) => ({
    text: `SELECT seal FROM outbox WHERE json_extract(about, '$.number') = ? ORDER BY seq DESC LIMIT 1`,
    params: [number],
  }),
)

export const shellModule: Module = {
  name: 'shell',
  tables: [],
  commands: [],
  views: [workplace, unsent, inQuestion, sealOfNumber],
}
