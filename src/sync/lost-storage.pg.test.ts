// A device whose storage is gone with its keys: it goes on in its next epoch, nothing of the life before is pretended to be there, people
// are told what is missing, and if that life turns up after all its work is taken too.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exception } from '../kernel/kernel-tables.ts'
import { aHub, type HubUnderTest } from '../testing/hub-with-devices.ts'
import { disagreements } from '../testing/replica-truth.ts'
import { wireCatalogue } from '../testing/wire-catalogue.ts'
import type { Device } from './device/device.ts'

let hub: HubUnderTest
beforeAll(async () => {
  hub = await aHub(wireCatalogue)
}, 60_000)
afterAll(() => hub.end())

const who = ({ replica }: Device): { dev: string; ep: number; seq: number } => {
  const { dev = '', ep = 0 } = replica.identity() ?? {}
  return { dev, ep, seq: replica.seq }
}
const add = async (device: Device, name: string): Promise<unknown> => {
  const answer = await device.run('wire.addItem', { name })
  expect(answer).toMatchObject({ saved: true })
  return answer.saved ? answer.about['number'] : null
}

test('[LIFE6] it goes on in the next epoch behind what the hub has, people hear what is missing, and the life before may turn up', async () => {
  const directory = hub.directory()
  const before = await hub.device({ directory })
  for (const name of ['one', 'two']) await add(before, name)
  await before.sync()
  expect(await add(before, 'not sent')).toMatch(/-000003$/)
  const { dev, ep, seq } = who(before)
  await before.close()

  const after = await hub.device({ lost: { dev, ep, seq } })
  expect(who(after)).toEqual({ dev, ep: 2, seq: 2 })
  // Another letter, and numbers of their own: what was printed on the way that is lost is never printed again.
  expect(await add(after, 'three')).toMatch(new RegExp(`I-${dev}B-26-000001`))
  expect(await after.sync()).toMatchObject({ waiting: 0, fault: null, incidents: 0 })
  expect(await hub.rows('SELECT seq, ep FROM command_log WHERE dev = $1 ORDER BY ep, seq', [dev])).toEqual([
    { seq: 1, ep: 1 },
    { seq: 2, ep: 1 },
    { seq: 3, ep: 2 },
  ])
  const raised = await hub.rows(
    `SELECT code, facts, owner, state FROM ${exception.sqlName} WHERE code = 'STORAGE_LOST'`,
  )
  expect(raised).toEqual([
    { code: 'STORAGE_LOST', facts: { lost: dev, epoch: 1, has: 2, missing: 1 }, owner: 'it', state: 'open' },
  ])

  // It was only another profile of the browser: nothing is taken under the old epoch, and all of it under a new one.
  const found = await hub.device({ directory })
  expect(await found.sync()).toMatchObject({ waiting: 1 })
  await found.close()
  const again = await hub.device({ directory, isNextLife: true })
  expect(who(again)).toEqual({ dev, ep: 3, seq: 3 })
  expect(await again.sync()).toMatchObject({ waiting: 0, fault: null })
  await after.sync()
  const names = await hub.rows<{ name: string }>('SELECT name FROM wire_item ORDER BY name')
  expect(names.map(({ name }) => name)).toEqual(['not sent', 'one', 'three', 'two'])
  await again.sync()
  expect(await disagreements(hub.hub, wireCatalogue, [after, again])).toEqual([])
})

test('[LIFE6] nobody takes over a device that isn’t theirs, or a life that is over: they get one of their own', async () => {
  const theirs = await hub.device()
  const life = who(theirs)
  for (const lost of [
    { ...life, ep: 7 },
    { ...life, dev: 'ZZZZ' },
  ]) {
    const device = await hub.device({ lost })
    expect(who(device).dev).not.toBe(life.dev)
    expect(who(device)).toMatchObject({ ep: 1, seq: 0 })
  }
  // Somebody else worked on it.
  await hub.rows("UPDATE device SET user_id = 'priya' WHERE dev = $1", [life.dev])
  expect(who(await hub.device({ lost: life })).dev).not.toBe(life.dev)
  await hub.rows("UPDATE device SET user_id = 'setup' WHERE dev = $1", [life.dev])
  await add(theirs, 'still mine')
  expect(await theirs.sync()).toMatchObject({ waiting: 0, fault: null })
})
