// A fault that is put into the engine on purpose must find its place there, or nothing is proved by it.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'

test('each stands exactly once in its file', () => {
  const lost = mutants.filter(({ file, find }) => readFileSync(file, 'utf8').split(find).length !== 2)
  expect(lost.map(({ name, file }) => `${file}: ${name}`)).toEqual([])
})
