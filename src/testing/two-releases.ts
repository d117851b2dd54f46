// Two releases of one small shop, for tests of what happens between them: the newer one has columns, a table, an index and a
// search that the older one doesn't know, and a command whose arguments grew. It is no part of any product.
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { code, flag, name, quantity, quantityDelta, set, text } from '../kernel/field.ts'
import { table } from '../kernel/table.ts'
import { view } from '../kernel/view.ts'

const fact = { kind: 'fact', permission: 'rel.work' } as const
const inCompany = { buckets: () => ['company'], whole: ['company'] }

const olderItem = table('rel.item', {
  fields: { name: name(), stock: quantityDelta() },
  indexes: { byName: ['name'] },
  ...inCompany,
})
/** Gone in the newer release. */
const shelf = table('rel.shelf', { fields: { label: name() }, ...inCompany })

/** Schema 3; what every catalogue has of the kernel's own is of schema 2. */
const newerItem = table('rel.item', {
  fields: {
    name: name(),
    stock: quantityDelta(),
    grade: code().default('standard').since(3),
    tags: set().default([]).since(3),
    isLoud: flag().default(true).since(3),
    barcode: text(40).optional().since(3),
  },
  indexes: { byName: ['grade', 'name'] },
  search: ['name'],
  ...inCompany,
})
const remark = table('rel.remark', {
  since: 3,
  fields: { item: text(64), text: text() },
  parent: { table: newerItem, field: 'item' },
})

const olderView = view<{ id: string; name: string; stock: number }>()('rel.items', [olderItem], () => ({
  text: `SELECT id, name, stock FROM ${olderItem.sqlName} WHERE gone_at IS NULL ORDER BY name`,
  params: [],
}))

/** What both releases have, over their own table. */
const shared = (item: typeof olderItem | typeof newerItem) => [
  command('rel.sell', {
    ...fact,
    version: 1,
    args: { item: text(64), quantity: quantity() },
    run: (ctx, a) => void ctx.add(item as typeof olderItem, a.item, { stock: -a.quantity as typeof a.quantity }),
  }),
  command('rel.rename', {
    kind: 'edit',
    version: 1,
    permission: 'rel.work',
    args: { item: text(64), name: name() },
    run: (ctx, a) => ctx.patch(item as typeof olderItem, a.item, { name: a.name }),
  }),
]

export const olderRelease = catalogueOf([
  {
    name: 'rel',
    tables: [olderItem, shelf],
    views: [olderView],
    commands: [
      command('rel.addItem', {
        ...fact,
        version: 1,
        args: { name: name() },
        run(ctx, a) {
          ctx.insert(olderItem, { id: ctx.id('item'), name: a.name })
          ctx.describe({ number: ctx.nextNumber('I', '2026-11-21') })
        },
      }),
      command('rel.addShelf', {
        ...fact,
        version: 1,
        args: { label: name() },
        run: (ctx, a) => void ctx.insert(shelf, { id: ctx.id('shelf'), label: a.label }),
      }),
      ...shared(olderItem),
    ],
  },
])

export const newerRelease = catalogueOf([
  {
    name: 'rel',
    tables: [newerItem, remark],
    views: [olderView],
    commands: [
      command('rel.addItem', {
        ...fact,
        version: 2,
        args: { name: name(), grade: code() },
        upcast: { 1: (args) => ({ ...args, grade: 'unknown' }) },
        run(ctx, a) {
          const item = ctx.insert(newerItem, { id: ctx.id('item'), name: a.name, grade: a.grade })
          ctx.insert(remark, { id: ctx.id('remark'), item, text: `graded ${a.grade}` })
          ctx.describe({ number: ctx.nextNumber('I', '2026-11-21') })
        },
      }),
      // Released once: what was captured of it must still be taken, though its table is gone.
      command('rel.addShelf', { ...fact, version: 1, args: { label: name() }, run: () => undefined }),
      command('rel.setGrade', {
        kind: 'edit',
        version: 1,
        permission: 'rel.work',
        args: { item: text(64), grade: code(), barcode: text(40).optional() },
        run: (ctx, a) => ctx.patch(newerItem, a.item, { grade: a.grade, barcode: a.barcode ?? null }),
      }),
      ...shared(newerItem),
    ],
  },
])
export const olderTables = { item: olderItem, shelf }
export const newerTables = { item: newerItem, remark }
