// The kit's components come without their looks: each one in use has its style sheet among those that are loaded.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const app = fileURLToPath(new URL('..', import.meta.url))
const kit = fileURLToPath(new URL('../../../node_modules/@mantine/core/styles/', import.meta.url))

test('every component of the kit that is used has its style sheet', () => {
  const sources = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path))
  const used = sources.flatMap((path) =>
    [...readFileSync(join(app, path), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(
      ([, names = '']) => names.split(',').map((name) => name.trim()),
    ),
  )
  const styled = [...new Set(used)].filter((name) => /^[A-Z]/.test(name) && existsSync(join(kit, `${name}.css`)))
  expect(styled.length).toBeGreaterThan(10)
  const loaded = readFileSync(join(app, 'design/mantine-styles.ts'), 'utf8')
  expect(styled.filter((name) => !loaded.includes(`styles/${name}.css`))).toEqual([])
})
