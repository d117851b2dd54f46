// One name, one at a time and in order; another name needn't wait; a fault stops nobody, and nothing is remembered of what ended.
import { expect, test } from 'vitest'
import { OneByOne } from './one-by-one.ts'

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

test('work of one name waits for what came before it, of another name it does not', async () => {
  const order = new OneByOne()
  const ran: string[] = []
  const first = gate()
  const a = order.run('A', () => first.opened.then(() => ran.push('A1')))
  const behind = order.run('A', async () => ran.push('A2'))
  await order.run('B', async () => ran.push('B1'))
  expect(ran).toEqual(['B1'])
  first.open()
  await Promise.all([a, behind])
  expect(ran).toEqual(['B1', 'A1', 'A2'])
  expect(order.size).toBe(0)
})

test('a fault is told to whoever brought it, and the next has its turn', async () => {
  const order = new OneByOne()
  const broken = order.run('A', () => Promise.reject(new Error('broken')))
  const next = order.run('A', async () => 'mine')
  await expect(broken).rejects.toThrow('broken')
  expect(await next).toBe('mine')
})
