// Scarce goods of the simulated company: devices ask the hub for a share of a shelf, use it without a network, and lose what is
// left of it. The shares are the kernel's own; the reference (model-shares.ts) says in its own words what they come to.
import { freeOf, leftOf, resizeShare, shareOf, standingOf, useShare, type Scarce } from '../../kernel/allotment.ts'
import { quantity6 } from '../../kernel/amount.ts'
import { command, ELSEWHERE, type Context } from '../../kernel/command.ts'
import { quantity, text } from '../../kernel/field.ts'
import { move, shelf } from './sim-tables.ts'

const request = { kind: 'request', version: 1, permission: 'sim.work' } as const
const place = { branch: text(64), item: text(40), quantity: quantity() }

type Place = { readonly branch: string; readonly item: string }

const scarce = ({ branch, item }: Place): Scarce => ({ kind: 'stock', scope: branch, resource: item, area: branch })

const onShelf = (ctx: Context, { branch, item }: Place): number => {
  const held = ctx.getByKey(shelf, { branch, item }, { soft: true })
  return held === null || held === ELSEWHERE ? 0 : held.onHand
}

/** Only the hub knows what is free. */
export const askShare = command('sim.askShare', {
  ...request,
  args: { ...place, device: text(16) },
  run(ctx, a) {
    ctx.onHub(() => {
      ctx.rule('sim.not-free', a.quantity <= freeOf(ctx, scarce(a), onShelf(ctx, a)))
      resizeShare(ctx, scarce(a), a.device, a.quantity)
    })
  },
})

/** At most what is left of it by then. */
export const endShare = command('sim.endShare', {
  ...request,
  args: { ...place, device: text(16) },
  run(ctx, a) {
    ctx.onHub(() => {
      const left = leftOf(shareOf(ctx, scarce(a), a.device))
      ctx.rule('sim.nothing-left', left > 0)
      resizeShare(ctx, scarce(a), a.device, -Math.min(left, a.quantity))
    })
  },
})

/** Goods go out, whoever has a share of them: what was promised to others is an exception and never a refusal. */
export const giveOut = command('sim.giveOut', {
  kind: 'fact',
  version: 1,
  permission: 'sim.work',
  args: place,
  run(ctx, a) {
    const standing = standingOf(ctx, scarce(a), onShelf(ctx, a))
    useShare(ctx, scarce(a), a.quantity, standing)
    if (a.quantity > (standing.available ?? 0)) ctx.exception('OVERSOLD')
    ctx.add(shelf, { branch: a.branch, item: a.item }, { onHand: quantity6(-a.quantity) })
    ctx.insert(move, { id: ctx.id('move'), branch: a.branch, item: a.item, quantity: quantity6(-a.quantity) })
  },
})

export const shareCommands = [askShare, endShare, giveOut]
