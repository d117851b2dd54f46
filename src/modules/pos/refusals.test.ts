// The lists of refusals are closed and true: every code in them is used, and no other code of the till is.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { posModule } from './module.ts'
import { posExceptions, posRuleRefusals, posShapeRefusals } from './refusals.ts'

const here = new URL('.', import.meta.url)
const sources = readdirSync(here)
  .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && name !== 'refusals.ts')
  .map((name) => readFileSync(new URL(name, here), 'utf8'))
  .join('\n')

test('a code is declared if and only if it is used', () => {
  const used = new Set([...sources.matchAll(/(?:refuse|rule)\(ctx, '(pos\.[a-z-]+)'/g)].map((match) => match[1]))
  expect(used).toEqual(new Set([...Object.keys(posShapeRefusals), ...Object.keys(posRuleRefusals)]))
})

test('an exception raised by name is declared', () => {
  const raised = [...sources.matchAll(/(?:ctx\.exception\(|exception: )'([A-Z_]+)'/g)].map((match) => match[1])
  expect(new Set(raised).size).toBeGreaterThan(3)
  for (const code of raised) expect(Object.keys(posExceptions)).toContain(code)
})

test('every command is a verb and its noun, in a file of the same name', () => {
  const files = new Set(readdirSync(here))
  for (const { name } of posModule.commands) {
    const file = name.slice('pos.'.length).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    expect(files).toContain(`${file}.ts`)
  }
})
