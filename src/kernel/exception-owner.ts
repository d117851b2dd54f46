// Who looks at a named exception (documents.md §19): each code is declared once by whoever raises it, with the duty that
// owns it. A duty is held by whichever roles carry the permission `duty.<name>`; nothing asks for a role by its name.
import { mayDo, type Lease } from './lease.ts'

/** The desks of a company. A small one gives many of them to one person. */
export const duties = [
  'storekeeper',
  'stockController',
  'quality',
  'branchManager',
  'pricing',
  'accountant',
  'creditControl',
  'receivables',
  'supervisor',
  'finance',
  'it',
  'dispatcher',
  'buyer',
  'salesAdmin',
] as const
export type Duty = (typeof duties)[number]

export interface ExceptionOwner {
  readonly owner: Duty
  /** To be seen at once: it stands above all others. */
  readonly isUrgent: boolean
}

/** Every exception that a module raises, by its code. */
export type Exceptions = { readonly [code: string]: ExceptionOwner }

export const to = (owner: Duty, when?: 'at once'): ExceptionOwner => ({ owner, isUrgent: when === 'at once' })

/** Whether the lease holds the duty. */
export const hasDuty = (lease: Pick<Lease, 'permissions'>, owner: string): boolean => mayDo(lease, `duty.${owner}`)
