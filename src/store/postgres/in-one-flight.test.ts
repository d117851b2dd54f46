// What is sent together ends together: the fault that counts is the first in order, and nothing is still on its way behind it.
import { expect, test } from 'vitest'
import { inOneFlight } from './in-one-flight.ts'

test('the answers come in the order of the statements', async () => {
  expect(await inOneFlight([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two'])
})

test('the first statement’s fault is told, when the last one has ended too', async () => {
  let hasEnded = false
  const slow = new Promise<void>((resolve) => setImmediate(() => ((hasEnded = true), resolve())))
  const told = inOneFlight([
    slow,
    Promise.reject(new Error('the cause')),
    Promise.reject(new Error('current transaction is aborted')),
  ])
  await expect(told).rejects.toThrow('the cause')
  expect(hasEnded).toBe(true)
})
