// Every "no" and every named exception of accounting, in closed lists.
import type { Context } from '../../kernel/command.ts'
import { to, type Exceptions } from '../../kernel/exception-owner.ts'
import type { Facts } from '../../kernel/refusal.ts'

/** Decidable from the arguments, or a thing that doesn't exist: refused on the device, parked on the hub. */
export const accountingShapeRefusals = {
  'accounting.unknown-journal': 'The journal entry does not exist.',
  'accounting.no-lines': 'A journal entry needs at least two lines.',
  'accounting.line-zero': 'A line must have an amount.',
  'accounting.not-balanced': 'Debit and credit must be equal.',
  'accounting.reason-needed': 'Say why.',
  'accounting.nothing-given': 'The document has no lines.',
  'accounting.quantity-zero': 'A line must have a quantity.',
  'accounting.price-negative': 'A price must not be below zero; a quantity below zero takes an expense back.',
  'accounting.total-differs': 'The total is not what the lines come to.',
  'accounting.unknown-party': 'The party does not exist.',
  'accounting.territory-needed': 'The party is not on this device: say its territory.',
  'accounting.month-malformed': 'A period is a month like 2026-11.',
} as const

/** Depends on what is stored. */
export const accountingRuleRefusals = {
  'accounting.unknown-account': 'ACCOUNT_UNKNOWN',
  'accounting.account-disabled': 'ACCOUNT_UNKNOWN',
  'accounting.period-closed': 'LATE_DOCUMENT',
  'accounting.period-not-open': 'LATE_DOCUMENT',
  'accounting.account-in-use': 'STATE_CONFLICT',
  'accounting.already-reversed': 'STATE_CONFLICT',
} as const

export const accountingExceptions = {
  ACCOUNT_UNKNOWN: to('accountant'),
  ALREADY_IMPORTED: to('it'),
  COST_UNKNOWN: to('accountant'),
  LATE_DOCUMENT: to('accountant'),
  LISTED_NOT_STOCK: to('stockController'),
  LISTED_UNKNOWN_CODE: to('stockController'),
  STATE_CONFLICT: to('branchManager'),
} as const satisfies Exceptions

export const refuse: (ctx: Context, code: keyof typeof accountingShapeRefusals, facts?: Facts) => never = (
  ctx,
  code,
  facts,
) => ctx.refuse(code, facts)

/** Returns `ok`; the command goes on after a failed rule that was overridden or stands as a fact. */
export const rule = (
  ctx: Context,
  code: keyof typeof accountingRuleRefusals,
  ok: boolean,
  facts: Facts = {},
): boolean => ctx.rule(code, ok, { ...facts, exception: accountingRuleRefusals[code] })
