// What became of a card taken on trust: settled, or declined. A declined card leaves the sale paid as it was printed;
// its tender changes and somebody owes the money.
import { amountMinor } from '../../kernel/amount.ts'
import { command, ELSEWHERE } from '../../kernel/command.ts'
import { code, date, ref } from '../../kernel/field.ts'
import { postJournal, postParty } from '../../kernel/ledger.ts'
import { party } from '../masters/party.ts'
import { refuse, rule } from './guard.ts'
import { sale, tender } from './sale.ts'

export const settleTender = command('pos.settleTender', {
  kind: 'fact',
  version: 1,
  permission: 'pos.settleCards',
  args: { tender: ref('pos.tender'), outcome: code(['settled', 'declined']), businessDate: date() },
  run(ctx, a) {
    const paid = ctx.get(tender, a.tender)
    if (paid === null || paid === ELSEWHERE) return refuse(ctx, 'pos.unknown-tender', { tender: a.tender })
    const of = ctx.get(sale, paid.document)
    if (of === null || of === ELSEWHERE) return refuse(ctx, 'pos.unknown-sale', { sale: paid.document })
    // Told twice, or told both ways: the first word stands.
    if (
      !rule(ctx, 'pos.tender-not-open', paid.state === 'taken', {
        tender: a.tender,
        state: paid.state,
        outcome: a.outcome,
      })
    )
      return
    ctx.patch(tender, a.tender, { state: a.outcome })
    ctx.describe({
      number: of.number,
      party: of.partyName,
      amountMinor: paid.amount,
      currency: of.currency,
      outcome: a.outcome,
    })
    if (a.outcome === 'settled') return
    ctx.exception('CARD_DECLINED', {
      sale: of.id,
      number: of.number,
      amountMinor: paid.amount,
      reference: paid.reference,
    })
    const document = { table: sale, id: of.id }
    const { company, branch } = of
    const { businessDate } = a
    const owner = of.party === null ? null : ctx.get(party, of.party)
    const known = owner === null || owner === ELSEWHERE ? null : owner
    const lines = [
      // Without a known customer nobody's account can carry it: it waits in an account of its own.
      { purpose: known === null ? 'declined-cards' : 'receivable', amount: paid.amount, party: known?.id ?? null },
      { purpose: 'card-clearing', amount: amountMinor(-paid.amount) },
    ]
    postJournal(ctx, { label: 'journal', document, company, branch, businessDate, lines })
    if (known === null) return
    const { id, territory } = known
    postParty(ctx, {
      label: 'party',
      document,
      businessDate,
      branch,
      company,
      party: id,
      territory,
      account: 'receivable',
      amount: paid.amount,
      item: of.id,
      dueOn: businessDate,
    })
  },
})
