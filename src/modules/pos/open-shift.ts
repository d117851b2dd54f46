// Opens a till for a shift with a counted float. A till belongs to one device: a second one that opens it is told, and
// when neither could know, both shifts stand and it is an exception.
import { amountMinor } from '../../kernel/amount.ts'
import { ELSEWHERE, command } from '../../kernel/command.ts'
import { headerOf } from '../../kernel/document.ts'
import { amount, code, date, ref, text } from '../../kernel/field.ts'
import { postCash, postJournal } from '../../kernel/ledger.ts'
import { till } from '../masters/organisation.ts'
import { refuse, rule } from './guard.ts'
import { denominations, denominationSum, shift, shiftOf } from './shift.ts'

export const openShift = command('pos.openShift', {
  kind: 'fact',
  version: 1,
  permission: 'pos.shift',
  args: {
    till: ref('masters.till'),
    businessDate: date(),
    currency: code(),
    /** The counted float; 0 for a till without cash. */
    float: amount(),
    denominations: denominations().optional(),
    /** The tender method that the float belongs to; default `cash`. */
    method: code().optional(),
    /** The shift that left the float in the drawer. Without it the float comes from the safe. */
    previousShift: ref('pos.shift').optional(),
    /** Default: the till's. */
    warehouse: ref('masters.warehouse').optional(),
    remarks: text().optional(),
  },
  run(ctx, a) {
    const at = ctx.get(till, a.till)
    if (at === null || at === ELSEWHERE) return refuse(ctx, 'pos.unknown-till', { till: a.till })
    if (a.float < 0) refuse(ctx, 'pos.amount-not-positive', { amountMinor: a.float })
    const counted = a.denominations ?? []
    if (counted.length > 0 && denominationSum(counted) !== a.float) {
      refuse(ctx, 'pos.denominations-differ', { amountMinor: a.float, sumMinor: denominationSum(counted) })
    }
    const open = ctx.find(shift, 'byTill', { till: a.till, state: 'draft' }, { soft: true })
    const other = open.find(({ device }) => device !== ctx.device)
    rule(ctx, 'pos.till-open-elsewhere', other === undefined, {
      till: at.code,
      device: other?.device ?? null,
      user: other?.user ?? null,
    })
    rule(ctx, 'pos.shift-already-open', !open.some(({ device }) => device === ctx.device), { till: at.code })

    const id = ctx.id('shift')
    const document = { table: shift, id }
    const { branch } = at
    const { company } = ctx.lease
    const warehouse = a.warehouse ?? at.warehouse
    ctx.insert(shift, { id, ...headerOf(ctx, { ...a, company, branch }), state: 'draft', till: a.till, warehouse })
    const { businessDate, currency } = a
    const method = a.method ?? 'cash'
    if (a.float !== 0) {
      postCash(ctx, {
        label: 'float',
        document,
        businessDate,
        branch,
        till: a.till,
        shift: id,
        method,
        currency,
        kind: 'float',
        amount: a.float,
      })
    }
    if (a.previousShift == null) {
      const lines = [
        { purpose: 'till-cash', amount: a.float },
        { purpose: 'safe', amount: amountMinor(-a.float) },
      ]
      postJournal(ctx, { label: 'journal', document, company, branch, businessDate, lines })
    } else if (a.float !== 0) {
      // The money stays in the drawer: only the shift that answers for it changes.
      const before = shiftOf(ctx, a.previousShift)
      const handed = { businessDate: before.businessDate, branch: before.branch, till: before.till, shift: before.id }
      postCash(ctx, {
        label: 'handed-over',
        document,
        ...handed,
        method,
        currency,
        kind: 'handover',
        amount: amountMinor(-a.float),
      })
    }
    ctx.describe({ till: at.name, amountMinor: a.float, currency })
  },
})
