// Which rows a command of the simulated company makes and under which ids, for the one case in which its device couldn't
// say so: it died between the commit and the answer.
import { rowId } from '../../kernel/hash.ts'

export interface MadeBy {
  readonly tenant: string
  readonly dev: string
  readonly ep: number
  readonly seq: number
  readonly at: number
}

/** Labels as sim-commands.ts gives them, by table. */
function labelsOf(command: string, args: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const lines = (args['lines'] ?? []) as readonly { readonly text?: string }[]
  const each = (label: string): string[] => lines.map((_, index) => `${label}/${index}`)
  switch (command) {
    case 'sim.addNote':
      return { 'sim.note': ['note'] }
    case 'sim.replyNote':
      return { 'sim.note': ['reply'] }
    case 'sim.countShelves':
      return { 'sim.note': ['count'] }
    case 'sim.stampJob':
      return { 'sim.stamp': ['stamp'] }
    case 'sim.addPhoto':
      return { 'sim.photo': ['photo'] }
    case 'sim.addPerson':
      return { 'sim.person': ['person'] }
    case 'sim.callPerson':
      return { 'sim.call': ['call'] }
    case 'sim.receive':
    case 'sim.giveOut':
      return { 'sim.move': ['move'] }
    case 'sim.settle':
      return {
        'sim.settlement': ['settlement'],
        'sim.settlementEntry': postings(args).map((_, index) => `entry/${index}`),
        'kernel.cashEntry': postings(args).slice(0, -2),
      }
    case 'sim.openJob':
      return {
        'sim.job': ['job'],
        'sim.jobLine': each('line'),
        'sim.lineNote': each('note').filter((_, index) => lines[index]?.text != null),
        'sim.move': each('move'),
      }
    default:
      return {}
  }
}

/** Of a settlement: its tenders, the change, what was sold and its tax. */
function postings({ tenders, change }: Readonly<Record<string, unknown>>): string[] {
  const cash = (tenders as readonly object[]).map((_, index) => `tender/${index}`)
  return [...cash, ...(Number(change) > 0 ? ['change'] : []), 'sales', 'tax']
}

export function rowsMadeBy(
  { tenant, dev, ep, seq, at }: MadeBy,
  command: string,
  args: Readonly<Record<string, unknown>>,
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(labelsOf(command, args)).map(([table, labels]) => [
      table,
      labels.map((label) => rowId({ tenant, device: dev, epoch: ep, seq, at, label })),
    ]),
  )
}

/** `was`: as it was first captured, in an earlier life of its device. */
type Lasting = MadeBy & { readonly was?: Pick<MadeBy, 'ep' | 'seq'> }

/** Whichever life brings it, one piece of work makes one row. */
export const lastingId = ({ tenant, dev, ep, seq, at, was = { ep, seq } }: Lasting, label: string): string =>
  rowId({ tenant, device: dev, epoch: was.ep, seq: was.seq, at, label })

/** Under which id the hub keeps a command that it parks. */
export const reviewItemOf = (work: Lasting): string => lastingId(work, `review/${work.dev}/${work.ep}/${work.seq}`)
