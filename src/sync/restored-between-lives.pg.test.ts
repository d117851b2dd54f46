// A device was copied, one copy went on in its next life, and the hub was put back to before that: the other copy's next life is another one,
// with other numbers, and both settle.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HubLives } from '../testing/hub-lives.ts'
import type { Device } from './device/device.ts'

let lives: HubLives
beforeAll(async () => {
  lives = await HubLives.begin()
})
afterAll(() => lives.end())

async function printed(device: Device, name: string): Promise<string> {
  const answer = await device.run('wire.addItem', { name, phone: '' })
  if (!answer.saved) throw new Error(JSON.stringify(answer.refusal))
  return String(answer.about['number'])
}
const lifeOf = (device: Device): number => Number(device.replica.identity()?.ep)

test('[LIFE4] [LIFE7] a hub that forgot a life never gives its epoch again: no number is printed twice', async () => {
  const first = await lives.start()
  const directory = join(lives.root, 'original')
  const copied = join(lives.root, 'copied')
  const original = await lives.device(first, directory)
  await printed(original, 'before')
  await original.sync()
  await original.close()
  cpSync(directory, copied, { recursive: true })
  await lives.stop(first)
  const backup = await lives.copy()

  const second = await lives.start()
  const one = await lives.device(second, directory, undefined, true)
  expect(lifeOf(one)).toBe(2)
  const numbers = [await printed(one, 'one')]
  await lives.stop(second)

  await lives.setIncarnation(backup, 'put back')
  const third = await lives.start(backup)
  const two = await lives.device(third, copied, undefined, true)
  expect(lifeOf(two)).toBeGreaterThan(2)
  numbers.push(await printed(two, 'two'), await printed(two, 'three'))
  for (const device of [two, one, two]) expect(await device.sync()).toMatchObject({ fault: null, waiting: 0 })
  expect(new Set(numbers).size).toBe(3)

  // And what follows a life of this incarnation is simply the next.
  await two.close()
  const next = await lives.device(third, copied, undefined, true)
  expect(lifeOf(next)).toBe(lifeOf(two) + 1)
}, 240_000)
