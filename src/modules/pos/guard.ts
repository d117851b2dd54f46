// The till's way to say no: `ctx.refuse` and `ctx.rule` held to the closed lists of refusals.ts, so that a mistyped code
// is a compiler error and every rule has its one exception.
import type { Context } from '../../kernel/command.ts'
import type { Facts } from '../../kernel/refusal.ts'
import { posRuleRefusals, type PosRuleRefusal, type PosShapeRefusal } from './refusals.ts'

export const refuse: (ctx: Context, code: PosShapeRefusal, facts?: Facts) => never = (ctx, code, facts) =>
  ctx.refuse(code, facts)

/** Returns `ok`; the command goes on after a failed rule that was overridden or stands as a fact. */
export const rule = (ctx: Context, code: PosRuleRefusal, ok: boolean, facts: Facts = {}): boolean =>
  ctx.rule(code, ok, { ...facts, exception: posRuleRefusals[code] })
