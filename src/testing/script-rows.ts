// Commands of the store contract on single rows: every field type, merging edits, chains of dependent reads, ranges asked
// in every way, natural keys that go and come back, hub rows, and a handler that changes rows without a look.
import { amountMinor, quantity6 } from '../kernel/amount.ts'
import { command, ELSEWHERE, range, type Context } from '../kernel/command.ts'
import { amount, code, date, flag, integer, json, quantity, rate, ref, set, text } from '../kernel/field.ts'
import type { AnyTable, Row } from '../kernel/table.ts'
import { journal, sample, slot, tally } from './script-tables.ts'

const permission = 'script.write'
const version = 1
const there = <T extends AnyTable>(found: Row<T> | null | typeof ELSEWHERE): Row<T> | null =>
  found === ELSEWHERE ? null : found

const sampleArgs = {
  kind: code(['red', 'green', 'blue']).optional(),
  unit: code().optional(),
  partner: ref(sample).optional(),
  dueOn: date().optional(),
  seenAt: integer().optional(),
  price: amount().optional(),
  ratio: rate().optional(),
  size: quantity().optional(),
  first: text(64).optional(),
  most: integer().optional(),
  least: integer().optional(),
  tags: set().optional(),
  extra: json().optional(),
  secret: text(64).optional().personal(),
}

export const addSample = command('script.addSample', {
  kind: 'fact',
  version,
  permission,
  args: { label: text(64), rank: integer(), isHot: flag(), ...sampleArgs },
  run(ctx, a) {
    ctx.insert(sample, { id: ctx.id('sample'), ...a })
  },
})

/** Only what is given is changed; merges field by field. */
export const editSample = command('script.editSample', {
  kind: 'edit',
  version,
  permission,
  args: {
    sample: ref(sample),
    label: text(64).optional(),
    rank: integer().optional(),
    isHot: flag().optional(),
    ...sampleArgs,
  },
  run(ctx, { sample: id, ...fields }) {
    if (there(ctx.get(sample, id, { soft: true })) === null) ctx.refuse('script.unknown-sample', { sample: id })
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null))
    ctx.patch(sample, id, given)
  },
})

/** Follows partners from row to row: a chain of dependent reads, each known only after the one before. */
export const walkPartners = command('script.walkPartners', {
  kind: 'fact',
  version,
  permission,
  args: { sample: ref(sample), steps: integer() },
  run(ctx, a) {
    let at: string | null = a.sample
    let walked = 0
    while (at !== null && walked < a.steps) {
      const here: Row<typeof sample> | null = there(ctx.get(sample, at))
      if (here === null) break
      walked += 1
      ctx.add(sample, here.id, { total: amountMinor(walked) })
      at = here.partner
    }
    ctx.rule('script.walked-nowhere', walked > 0, { exception: 'NOWHERE' })
  },
})

/** Counts a range in every way that a range can be asked, and keeps what it saw. */
export const look = command('script.look', {
  kind: 'fact',
  version,
  permission,
  args: {
    label: text(64),
    from: date().optional(),
    to: date().optional(),
    low: integer(),
    high: integer(),
    desc: flag(),
    limit: integer().optional(),
  },
  reads: (a) => [range(sample, 'byLabel', { label: a.label }, { from: a.low, desc: a.desc })],
  run(ctx, a) {
    const options = { desc: a.desc, ...(a.limit == null ? {} : { limit: a.limit }) }
    const dates = { ...(a.from == null ? {} : { from: a.from }), ...(a.to == null ? {} : { to: a.to }) }
    const seen = [
      ...ctx.find(sample, 'byLabel', { label: a.label }, { ...options, from: a.low }),
      ...ctx.find(sample, 'byLabel', {}, options),
      ...ctx.find(sample, 'byHot', { isHot: a.desc }, { ...options, ...dates }),
      ...ctx.find(sample, 'byHot', { isHot: !a.desc, dueOn: null }, { ...options, from: a.low, to: a.high }),
      ...ctx.find(sample, 'byDue', {}, { ...options, ...dates }),
      ...ctx.find(sample, 'byRank', { kind: 'green' }, { ...options, to: a.high }),
      ...ctx.find(sample, 'byRank', { kind: 'green' }, { desc: a.desc, to: a.high }),
    ]
    ctx.insert(sample, {
      id: ctx.id('seen'),
      label: a.label,
      rank: seen.length,
      isHot: a.desc,
      extra: { ids: seen.map(({ id }) => id), ranks: seen.map(({ rank }) => rank) },
    })
  },
})

/** Looks for a natural key and makes it where there is none, also where it was removed. */
export const useSlot = command('script.useSlot', {
  kind: 'fact',
  version,
  permission,
  args: { zone: code(), name: text(64), note: text(200).optional() },
  run(ctx, a) {
    const key = { zone: a.zone, name: a.name }
    const found = ctx.getByKey(slot, key)
    if (found === null) ctx.insert(slot, { id: ctx.idOf(slot, key), ...key, note: a.note ?? null })
    else if (found !== ELSEWHERE && a.note != null) ctx.patch(slot, found.id, { note: a.note })
    ctx.add(slot, key, { uses: quantity6(1) })
  },
})

export const dropSlot = command('script.dropSlot', {
  kind: 'fact',
  version,
  permission,
  args: { zone: code(), name: text(64), isBack: flag() },
  run(ctx, a) {
    const id = ctx.idOf(slot, { zone: a.zone, name: a.name })
    if (there(ctx.get(slot, id)) === null) return ctx.exception('NO_SLOT', { zone: a.zone })
    ctx.remove(slot, id)
    if (a.isBack) ctx.patch(slot, id, { note: 'came back' })
  },
})

/** An edit revives what was removed. */
export const renoteSlot = command('script.renoteSlot', {
  kind: 'edit',
  version,
  permission,
  args: { zone: code(), name: text(64), note: text(200) },
  run(ctx, a) {
    const key = { zone: a.zone, name: a.name }
    if (ctx.find(slot, 'byZone', { zone: a.zone }, { limit: 3 }).length === 0)
      ctx.refuse('script.empty-zone', { zone: a.zone })
    ctx.add(slot, key, { uses: quantity6(1) })
    ctx.patch(slot, ctx.idOf(slot, key), { note: a.note })
  },
})

/** Changes a row without a look: where there is none, that is a bug of this handler, and the command is parked. */
export const changeBlindly = command('script.changeBlindly', {
  kind: 'fact',
  version,
  permission,
  args: { sample: text(64), how: code(['patch', 'add', 'remove', 'insert', 'insert-key']), zone: code() },
  run(ctx, a) {
    ctx.add(tally, { account: 'blind' }, { commands: quantity6(1) })
    if (a.how === 'patch') ctx.patch(sample, a.sample, { rank: 7 })
    if (a.how === 'add') ctx.add(sample, a.sample, { total: amountMinor(7) })
    if (a.how === 'remove') ctx.remove(sample, a.sample)
    if (a.how === 'insert') ctx.insert(sample, { id: a.sample, label: 'twice', rank: 1, isHot: false })
    if (a.how === 'insert-key')
      ctx.insert(slot, { id: ctx.idOf(slot, { zone: a.zone, name: 'a' }), zone: a.zone, name: 'a' })
  },
})

export const book = command('script.book', {
  kind: 'request',
  version,
  permission,
  args: { account: code(), amount: amount(), max: amount() },
  run(ctx, a) {
    ctx.insert(journal, { id: ctx.id('journal'), account: a.account, amount: a.amount, facts: { max: a.max } })
    ctx.add(tally, { account: a.account }, { amount: a.amount })
    if (a.amount === 0) ctx.refuse('script.nothing-to-book')
    ctx.rule('script.above-limit', sumOf(ctx, a.account) <= a.max, { account: a.account })
  },
})

function sumOf(ctx: Context, account: string): number {
  if (!ctx.isHub) return 0
  return ctx.find(journal, 'byAccount', { account }, { from: 1 }).reduce((sum, { amount: each }) => sum + each, 0)
}
