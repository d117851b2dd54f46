// The party whose account a document of the office touches, and the entry on it. Only `receivable` and `payable` owe
// something; a document without a party then stands on the ledger alone.
import type { AmountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, type Context } from '../../kernel/command.ts'
import { postParty } from '../../kernel/ledger.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { party } from '../masters/party.ts'
import { refuse } from './refusals.ts'

export interface OwedParty {
  readonly party: string | null
  readonly name: string | null
  readonly territory: string | null
  readonly account: 'receivable' | 'payable'
  readonly isOwing: boolean
}

/** Finds the party; refuses one that doesn't exist, and one that isn't here and whose territory isn't said. */
export function partyOf(
  ctx: Context,
  given: { readonly party: string | null; readonly territory: string | null; readonly purpose: string },
): OwedParty {
  const isOwing = given.purpose === 'receivable' || given.purpose === 'payable'
  const account = given.purpose === 'payable' ? 'payable' : 'receivable'
  if (given.party === null) return { party: null, name: null, territory: null, account, isOwing }
  const found = ctx.get(party, given.party)
  if (found === null) refuse(ctx, 'accounting.unknown-party', { party: given.party })
  if (found !== ELSEWHERE) return { party: found.id, name: found.name, territory: found.territory, account, isOwing }
  if (isOwing && given.territory === null) refuse(ctx, 'accounting.territory-needed', { party: given.party })
  return { party: given.party, name: null, territory: given.territory, account, isOwing }
}

interface Owing {
  readonly owed: OwedParty
  readonly label: string
  readonly document: { readonly table: AnyTable; readonly id: string }
  readonly businessDate: string
  /** Debit positive, as on the ledger. */
  readonly amount: AmountMinor
  /** The open item it settles or raises. */
  readonly item: string
}

export function postOwed(ctx: Context, { owed, label, document, businessDate, amount, item }: Owing): void {
  const { party, territory, account, isOwing } = owed
  if (!isOwing || party === null || territory === null || amount === 0) return
  const { company, branch } = ctx.lease
  postParty(ctx, { label, document, businessDate, branch, company, party, territory, account, amount, item })
}
