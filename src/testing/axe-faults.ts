// What axe names on a page, with the first of what it means: for every test that looks at a screen with the eyes of those who can't see it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface PageScope {
  readonly axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }
  readonly document: {
    getAnimations(): readonly {
      readonly effect: { getComputedTiming(): { readonly iterations: number } } | null
      readonly finished: Promise<unknown>
    }[]
  }
}

export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const scope = globalThis as unknown as PageScope
    // Colours are judged where they come to rest, not on their way.
    await Promise.allSettled(
      scope.document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished),
    )
    const { violations } = await scope.axe.run()
    return violations.map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    )
  })
}
