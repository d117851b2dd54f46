// The laws about the lives of a device: its work ends on the hub once, whichever life brings it, in a chain that verifies, under numbers
// that are unique or explained. Each looks at what was told, at the log's exact lines and at the rows. [L1] [L2] [L6] [L7]
import { createHash } from 'node:crypto'
import type { AnyRow } from '../../kernel/table.ts'
import type { Hub } from '../../hub/hub.ts'
import { inTenant } from '../../sync/hub/tenant.ts'
import { keyOf, said, type HubRows, type LogRow } from './hub-log.ts'
import { originOf } from './model.ts'
import type { Revocation } from './revocations.ts'
import type { Kept } from './kept.ts'
import type { WorldDevice } from './world-device.ts'

interface Line {
  readonly nos?: Readonly<Record<string, readonly number[]>>
  readonly was?: { readonly ep: number; readonly seq: number; readonly seal: string }
}
const read = ({ line }: Pick<LogRow, 'line'>): Line => JSON.parse(line) as Line

/** Work of an earlier life that another line had brought. */
export const isCountedAlready = (row: LogRow): boolean => row.origin === null && read(row).was !== undefined

export const raised = (rows: HubRows, code: string): readonly AnyRow[] =>
  (rows.get('kernel.exception') ?? []).filter((row) => row['code'] === code)

/** How often it was told that this life of a device has another one beside it. */
export const forksOf = (device: Pick<WorldDevice, 'dev' | 'ep'>, rows: HubRows): number =>
  raised(rows, 'FORK').filter((row) => row['dev'] === device.dev && row['ep'] === device.ep).length

/** L1: what was told as saved is in the hub's log as it was said, or still waits where it must. */
export function lostWork(device: WorldDevice, log: readonly LogRow[]): string[] {
  const arrived = new Map(log.flatMap((row) => [row.seal, row.origin ?? row.seal].map((seal) => [seal, row] as const)))
  const lives = new Map<string, Kept[]>()
  for (const kept of device.told.values()) lives.set(originOf(kept), [...(lives.get(originOf(kept)) ?? []), kept])
  const wrong: string[] = []
  for (const [origin, [kept, ...others]] of lives) {
    if (kept === undefined) continue
    const row = [kept, ...others].map(({ seal }) => arrived.get(seal)).find((found) => found !== undefined)
    const { dev, seq, command } = kept
    if (row !== undefined) {
      if (row.type !== command) wrong.push(`${said(device, seq)} was ${command}, the hub has ${row.type}.`)
      continue
    }
    // What its platform threw away unsent is lost, and everybody knows; so is what its owner did.
    if (dev !== device.dev || device.forsaken.has(origin)) continue
    // A device that was shut out may still send.
    const mustArrive = device.excuse === null || device.excuse === 'revoked'
    if (mustArrive) wrong.push(`${said(device, seq)} ${command} never reached the hub.`)
    else if (![kept, ...others].some((life) => isHeld(device, life)))
      wrong.push(`${said(device, seq)} is neither on the hub nor on its device.`)
  }
  return wrong
}

/** A copy that nobody took up again keeps its work. */
const isHeld = ({ device }: WorldDevice, { seal }: Kept): boolean =>
  device?.replica.db.get('SELECT 1 FROM outbox WHERE seal = ?', [seal]) !== undefined

/** L2: one place for each number of a device, none left out; a life begins behind what the one before had settled. */
export function sequences(devices: readonly WorldDevice[], log: readonly LogRow[]): string[] {
  const wrong: string[] = []
  const next = new Map<string, number>()
  for (const { dev, follows } of devices) for (const [ep, after] of follows) next.set(`${dev}/${ep}`, after + 1)
  for (const { dev, ep, seq } of log) {
    const expected = next.get(`${dev}/${ep}`) ?? 1
    if (seq !== expected) wrong.push(`The log has ${dev} c${seq} where c${expected} comes next.`)
    next.set(`${dev}/${ep}`, seq + 1)
  }
  return wrong
}

/** L2: a fork is raised for a device that had two lives, and for no other. */
export function wrongForks(devices: readonly WorldDevice[], rows: HubRows): string[] {
  const doubled = new Set(devices.filter(({ hasForked }) => hasForked).map(({ dev }) => dev))
  return raised(rows, 'FORK')
    .filter((row) => !doubled.has(String(row['dev'])))
    .map((row) => `A fork of ${String(row['dev'])} was raised, which had one life.`)
}

/** L2: work that waits under a number which the hub has from another life was noticed, and told once. */
export function unseenForks(devices: readonly WorldDevice[], log: readonly LogRow[], rows: HubRows): string[] {
  const logged = new Map(log.map((row) => [keyOf(row), row.seal]))
  return devices.flatMap((device) => {
    const waiting = device.device?.replica.db.all<{ seq: number; epoch: number; seal: string }>(
      'SELECT seq, epoch, seal FROM outbox WHERE is_settled = 0',
    )
    const twice = waiting?.find(({ seq, epoch, seal }) => {
      const known = logged.get(keyOf({ dev: device.dev, ep: epoch, seq }))
      return known !== undefined && known !== seal
    })
    const forks = forksOf(device, rows)
    if (twice !== undefined && forks === 0)
      return [`${said(device, twice.seq)} is another on the hub, and nobody was told.`]
    return forks > 1 ? [`That ${device.dev} had two lives was told ${forks} times.`] : []
  })
}

/** L6: each life draws its numbers one after the other, and none twice. */
export function numbers(log: readonly LogRow[]): string[] {
  const wrong: string[] = []
  const last = new Map<string, number>()
  for (const row of log) {
    const { nos = {}, was } = read(row)
    // Numbers of an earlier life are on paper already, in whatever order its copies come.
    if (was !== undefined) continue
    for (const [series, counters] of Object.entries(nos)) {
      for (const counter of counters) {
        const key = `${row.dev}/${row.ep}/${series}`
        const expected = (last.get(key) ?? 0) + 1
        if (counter !== expected)
          wrong.push(`${row.dev}:c${row.seq} carries ${series} ${counter} where ${expected} comes next.`)
        last.set(key, counter)
      }
    }
  }
  return wrong
}

/** L6: a number stands on one job, or people were told that it stands on two. */
export function twiceInBooks(rows: HubRows): string[] {
  const jobs = new Map<string, number>()
  for (const { number } of (rows.get('sim.job') ?? []) as readonly { readonly number?: unknown }[])
    if (typeof number === 'string') jobs.set(number, (jobs.get(number) ?? 0) + 1)
  const told = new Map<number, number>()
  for (const { facts } of raised(rows, 'NUMBER_TWICE') as readonly { readonly facts?: unknown }[]) {
    const { counter } = facts as { counter: number }
    told.set(counter, (told.get(counter) ?? 0) + 1)
  }
  return [...jobs].flatMap(([number, times]) =>
    times === 1 || (told.get(Number(number.slice(-6))) ?? 0) >= times - 1
      ? []
      : [`${number} stands on ${times} jobs, and nobody was told.`],
  )
}

/** What a device did before it was shut out stands, people are told of what came later, and of no other work. [AUTH7] */
export function wrongAuthority(revocations: readonly Revocation[], log: readonly LogRow[], rows: HubRows): string[] {
  const late = new Set(
    raised(rows, 'LATE_AUTHORITY').map((row) => `${String(row['dev'])}/${String(row['ep'])}/${String(row['seq'])}`),
  )
  const wrong: string[] = []
  let shutOut = 0
  for (const row of log) {
    if (row.type === 'masters.revokeDevice') shutOut += 1
    const ep = read(row).was?.ep ?? row.ep
    const isShut = revocations.slice(0, shutOut).some((each) => each.dev === row.dev && ep <= each.ep)
    const isTold = late.delete(keyOf(row))
    const stands = row.outcome === 'accepted' || row.outcome === 'adjusted'
    const isDue = isShut && stands && !isCountedAlready(row)
    if (isDue !== isTold)
      wrong.push(
        `${keyOf(row)} ${row.type} is ${row.outcome}, and people were ${isTold ? '' : 'not '}told that it is late.`,
      )
  }
  return [...wrong, ...[...late].map((key) => `${key} is said to be late, and isn't in the log.`)]
}

/** L7: each life's chain of seals, worked out anew over the bytes in the log. */
export async function brokenChains(hub: Hub, log: readonly LogRow[]): Promise<string[]> {
  const devices = await inTenant(hub.pool, hub.tenant, (client) =>
    client.query<{ dev: string; ep: number; certificate: string }>(
      'SELECT dev, ep, certificate FROM device WHERE tenant_id = $1',
      [hub.tenant],
    ),
  )
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
  const seals = new Map(devices.rows.map(({ dev, ep, certificate }) => [`${dev}/${ep}`, sha(certificate)]))
  const wrong: string[] = []
  for (const { dev, ep, seq, prev, seal, line } of log) {
    const before = seals.get(`${dev}/${ep}`) ?? ''
    const after = sha(`${before}\n${line}`)
    if (prev !== before || seal !== after) wrong.push(`The chain of ${dev} is broken at c${seq}.`)
    seals.set(`${dev}/${ep}`, after)
  }
  return wrong
}
