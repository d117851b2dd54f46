// No value is lost silently, whatever the order: two to four devices edit random fields of the same rows, the company
// changes its merge rules meanwhile, some work parks and is decided, and in the end each value that anybody saved stands,
// is kept as lost, or was replaced by somebody who saw it. The oracle knows the saved envelopes only, and no rule.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assert } from '../kernel/assert.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { integer, name, set, text } from '../kernel/field.ts'
import { table } from '../kernel/table.ts'
import { reviewModule } from '../modules/review/module.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import type { Device } from './device/device.ts'
import { parseEnvelope } from './envelope.ts'
import { times } from '../testing/properties.ts'

const fields = {
  name: name(),
  rank: integer().optional().merge('larger'),
  mark: text().optional().merge('first'),
  advice: text().optional().merge('append'),
  tags: set().default([]),
}
const card = table('wire.card', { fields, buckets: () => ['company'], whole: ['company'] })
const FIELDS = Object.keys(fields)
const make = command('wire.make', {
  kind: 'fact',
  version: 1,
  permission: 'wire.work',
  args: { name: name() },
  run: (ctx, a) => void ctx.insert(card, { id: ctx.id('card'), name: a.name }),
})
/** Parks on the hub while `isFussy`. */
const edit = command('wire.edit', {
  kind: 'edit',
  version: 1,
  permission: 'wire.work',
  args: {
    card: text(64),
    name: name().optional(),
    rank: integer().optional(),
    mark: text().optional(),
    advice: text().optional(),
    tags: set().optional(),
    isFussy: integer().optional(),
  },
  run(ctx, { card: id, isFussy, ...changes }) {
    assert(!(ctx.isHub && isFussy === 1 && isBroken), 'It can’t be posted today.')
    ctx.patch(card, id, changes as { name?: string })
  },
})
let isBroken = true
const wire = { name: 'wire', tables: [card], commands: [make, edit] }
const catalogue = catalogueOf([wire, reviewModule([wire])])
let hub: HubUnderTest
beforeAll(async () => (hub = await aHub(catalogue)))
afterAll(() => hub.end())

const rules = ['later', 'first', 'larger', 'smaller', 'union', 'append'] as const
const aStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('edit' as const), by: fc.nat(3), field: fc.nat(4), fussy: fc.nat(5) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sync' as const), by: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rule' as const), by: fc.nat(3), field: fc.nat(4), rule: fc.nat(5) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decide' as const), by: fc.nat(3), way: fc.nat(1) }) },
)
const RUNS = times(4)
let unique = 0

/** The atoms of a value: each item of a list, each line of a text, else the value. Every atom is unique in a run. */
const atoms = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'number') return [String(value)]
  return typeof value === 'string' ? value.split('\n').filter((line) => line !== '') : []
}

interface Saved {
  readonly field: string
  readonly added: readonly string[]
  readonly seen: readonly string[]
  readonly wanted: readonly string[]
}

test(
  '[MRG1] each value that was saved stands, is kept as lost, or was replaced by somebody who saw it; all replicas equal the hub',
  { timeout: 60_000 + RUNS * 60_000 },
  async () => {
    const devices: Device[] = []
    for (let at = 0; at < 4; at++) devices.push(await hub.device())
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.array(aStep, { minLength: 20, maxLength: 45 }),
        async (count, steps) => {
          const at = (by: number): Device => devices[by % count] as Device
          isBroken = true
          const made = await at(0).run('wire.make', { name: `n${(unique += 1)}` })
          const id = made.saved ? (made.inserted[card.name]?.[0] ?? '') : ''
          for (const device of devices) await device.sync()
          await devices[1]?.sync()
          for (const device of devices) await device.sync()
          const editOf = async (device: Device, field: string, isFussy: boolean): Promise<void> => {
            const [row] = device.replica.db.all<{ tags: string; advice: string | null }>(
              'SELECT tags, advice FROM wire_card WHERE id = ?',
              [id],
            )
            const word = `v${(unique += 1)}`
            const value =
              field === 'rank'
                ? (unique * 7919) % 100_003
                : field === 'tags'
                  ? [...(JSON.parse(row?.tags ?? '[]') as string[]), word]
                  : field === 'advice' && row?.advice != null
                    ? `${row.advice}\n${word}`
                    : word
            await device.run('wire.edit', { card: id, [field]: value, ...(isFussy && { isFussy: 1 }) })
          }
          const parkedNow = (): Promise<{ id: string }[]> =>
            hub.rows("SELECT id FROM kernel_review_item WHERE state = 'open' AND args->>'card' = $1 ORDER BY id", [id])
          for (const step of steps) {
            const device = at(step.by)
            if (step.do === 'edit') await editOf(device, FIELDS[step.field] ?? 'name', step.fussy === 0)
            else if (step.do === 'sync') await device.sync()
            else if (step.do === 'rule')
              await device.run('review.setMergeRule', {
                table: card.name,
                field: FIELDS[step.field],
                rule: rules[step.rule],
              })
            else {
              isBroken = step.way === 1
              const [open] = await parkedNow()
              if (open !== undefined)
                await device.run(step.way === 0 ? 'review.resubmit' : 'review.discard', {
                  item: open.id,
                  ...(step.way === 1 && { reason: 'not now' }),
                })
            }
          }
          for (let round = 0; round < 2; round++) for (const device of devices) await device.sync()
          expect(await disagreements(hub.hub, catalogue, devices)).toEqual([])

          const taken = await hub.rows<{ line: string }>(
            `SELECT l.line FROM command_log l LEFT JOIN kernel_review_item i ON i.tenant_id = l.tenant_id AND i.dev = l.dev AND i.ep = l.ep AND i.seq = l.seq
           WHERE l.type = 'wire.edit' AND (l.outcome IN ('accepted', 'adjusted') OR i.state IN ('resubmitted', 'forced'))`,
          )
          const saved: Saved[] = taken.flatMap(({ line }) => {
            const envelope = parseEnvelope(line)
            const args = envelope?.args as Record<string, unknown>
            if (args['card'] !== id) return []
            const base = (envelope?.base?.[card.name]?.[id] ?? {}) as Record<string, unknown>
            return FIELDS.filter((field) => field in args).map((field) => {
              const [seen, wanted] = [atoms(base[field]), atoms(args[field])]
              return { field, seen, wanted, added: wanted.filter((atom) => !seen.includes(atom)) }
            })
          })
          const [row] = await hub.rows<Record<string, unknown>>(
            'SELECT name, rank, mark, advice, tags FROM wire_card WHERE id = $1',
            [id],
          )
          const lost = await hub.rows<{ field: string; kept: unknown; lost: unknown }>(
            'SELECT field, kept, lost FROM kernel_lost_value WHERE row_id = $1',
            [id],
          )
          for (const { field, added } of saved)
            for (const atom of added) {
              const stands = atoms(row?.[field]).includes(atom)
              const isKept = lost.some((each) => each.field === field && atoms(each.lost).includes(atom))
              const isReplaced = saved.some(
                (each) => each.field === field && each.seen.includes(atom) && !each.wanted.includes(atom),
              )
              expect([field, atom, stands || isKept || isReplaced]).toEqual([field, atom, true])
            }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  },
)
