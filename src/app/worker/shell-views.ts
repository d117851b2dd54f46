// What the shell itself shows of the business: where the person works and in which currency. Read models only, as in a module.
import type { Module } from '../../kernel/catalogue.ts'
import { view } from '../../kernel/view.ts'
import { branch, company } from '../../modules/masters/organisation.ts'

export interface Workplace {
  readonly company: string
  readonly branch: string
  readonly currency: string
  readonly minorDigits: number
}

export const workplace = view<Workplace>()(
  'shell.workplace',
  [company, branch],
  ({ branch }: { branch: string }) => ({
    text: `SELECT c.name AS company, b.name AS branch, c.currency AS currency, c.minor_digits AS minorDigits
      FROM masters_branch b JOIN masters_company c ON c.id = b.company WHERE b.id = ? AND b.gone_at IS NULL`,
    params: [branch],
  }),
)

export const shellModule: Module = { name: 'shell', tables: [], commands: [], views: [workplace] }
