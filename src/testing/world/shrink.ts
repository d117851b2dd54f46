// Makes a failing plan short: drops runs of steps, halves first and single ones last, while the same law stays broken.
// A step carries its own chance, so that what is left does what it did.
import type { Plan } from './plan.ts'
import { runPlan, type WorldReport } from './world.ts'
import type { Ground } from './world-hub.ts'

export interface Failure {
  readonly plan: Plan
  readonly report: WorldReport
}

/** The law, or the device that broke, in the first sentence. */
const kindOf = ({ wrong }: WorldReport): string => /^\S+/.exec(wrong[0] ?? '')?.[0] ?? ''

/** At most so many runs. */
export async function shrink(ground: Ground, plan: Plan, report: WorldReport, runsMax = 200): Promise<Failure> {
  let shortest: Failure = { plan, report }
  const kind = kindOf(report)
  let runs = 0
  for (
    let size = Math.ceil(plan.steps.length / 2);
    size >= 1 && runs < runsMax;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = shortest.plan.steps.length - size; from > -size && runs < runsMax; from -= size) {
      const steps = shortest.plan.steps.filter((_, index) => index < from || index >= from + size)
      const shorter = { ...plan, steps }
      runs += 1
      const again = await runPlan(ground, shorter)
      if (again.wrong.length > 0 && kindOf(again) === kind) shortest = { plan: shorter, report: again }
    }
  }
  return shortest
}

/** What a person needs to see: the seed, what is wrong, the steps that are left and what they did. */
export function told({ plan, report }: Failure): string {
  const steps = plan.steps.map(({ after, do: deed, ...rest }) => `  +${after} ${deed} ${JSON.stringify(rest)}`)
  return [...report.wrong.slice(0, 12), 'steps:', ...steps, 'trace:', ...report.trace.map((line) => `  ${line}`)].join(
    '\n',
  )
}
