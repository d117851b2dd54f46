// A sample of the campaign `every-write`: each command and each step of an exchange is cut at a few of its places; which
// ones is the same in every run. Beside it, acts that are wrong on purpose: the cut must find each of them.
import { beforeAll, expect, test } from 'vitest'
import { catalogue } from '../../modules/all.ts'
import { storeOutcomes } from '../../sync/device/outcomes.ts'
import { aCompany, builderOf, commandActs, downloadAct, exchangeActs, photoActs, save, type Company } from './acts.ts'
import { lifeActs } from './life-acts.ts'
import { cutAct, everyPlace, someOf, type Act, type Choice } from './cut.ts'

let company: Company
beforeAll(async () => {
  company = await aCompany()
}, 60_000)

test('every command: whole or absent wherever it is cut [CMD3]', async () => {
  const wrong: string[] = []
  let places = 0
  for (const [at, act] of commandActs(company).entries()) {
    const report = await cutAct(catalogue, company.full, act, { choose: someOf(0.02, at + 1), seed: at + 1 })
    places += report.places
    wrong.push(...report.wrong)
  }
  expect(wrong).toEqual([])
  expect(places).toBeGreaterThan(50)
}, 240_000)

test('odoo-60939: what a receipt is printed from is told only when its record is on the disk, with number and seal [CMD3]', async () => {
  const args = builderOf('pos.completeSale')(company.world, 0)
  const printed = new Set<string>()
  const act: Act = {
    name: 'a sale',
    run(replica) {
      const { seq, about } = save(replica, 'pos.completeSale', args, 'once')
      const record = replica.db.get<{ seal: string }>('SELECT seal FROM outbox WHERE seq = ?', [seq])
      printed.add(`${String(about['number'])} ${record?.seal}`)
    },
    isRepeatable: true,
  }
  // The last place is the one behind what was told.
  const choose: Choice = function* choose(count) {
    for (const place of someOf(0.1, 60_939)(count)) if (place < count) yield place
    yield count
  }
  expect((await cutAct(catalogue, company.full, act, { choose })).wrong).toEqual([])
  expect([...printed]).toEqual([expect.stringMatching(/^\S+-DEVAA?-\S+ [0-9a-f]{64}$/)])
}, 240_000)

test('every step of an exchange: whole or absent wherever it is cut [PULL1]', async () => {
  const wrong: string[] = []
  const acts = exchangeActs(company).map((act) => ({ act, begin: company.full }))
  for (const [at, { act, begin }] of [...acts, { act: downloadAct(company), begin: company.empty }].entries())
    wrong.push(...(await cutAct(catalogue, begin, act, { choose: someOf(0.05, at + 1), seed: at + 1 })).wrong)
  expect(wrong).toEqual([])
}, 240_000)

test('every step of a photo: whole or absent wherever it is cut [BLOB3]', async () => {
  const wrong: string[] = []
  for (const [at, act] of photoActs(company).entries())
    wrong.push(...(await cutAct(catalogue, company.full, act, { choose: someOf(0.05, at + 1), seed: at + 1 })).wrong)
  expect(wrong).toEqual([])
}, 240_000)

test('an enrolment, a chunk, an erasure, a next life: whole or absent wherever each is cut [ID1] [BOOT5] [ERASE4] [LIFE4]', async () => {
  const wrong: string[] = []
  for (const [at, { act, begin }] of lifeActs(company).entries())
    wrong.push(...(await cutAct(catalogue, begin, act, { choose: someOf(0.2, at + 1), seed: at + 1 })).wrong)
  expect(wrong).toEqual([])
}, 240_000)

const noteOf = (replica: Parameters<Act['run']>[0], at: number): void => {
  replica.db.run("INSERT INTO draft (key, value, at) VALUES (?, '{}', 0)", [`key ${at}`])
}

test('an act in two transactions is found out', async () => {
  const act: Act = {
    name: 'two halves',
    run: (replica) => {
      noteOf(replica, 1)
      noteOf(replica, 2)
    },
    isRepeatable: false,
  }
  expect((await cutAct(catalogue, company.empty, act, { choose: everyPlace })).wrong.join('\n')).toMatch(
    /neither before nor after/,
  )
}, 60_000)

test('an act that reports before its fsync is found out', async () => {
  const act: Act = {
    name: 'too early',
    run: (replica) => {
      replica.db.exec('PRAGMA synchronous=NORMAL')
      noteOf(replica, 1)
    },
    isRepeatable: false,
  }
  expect((await cutAct(catalogue, company.empty, act)).wrong.join('\n')).toMatch(/reported as done, but/)
}, 60_000)

test('an act that changes more the second time is found out', async () => {
  const act: Act = {
    name: 'twice',
    run: (replica) => {
      storeOutcomes(replica, [])
      noteOf(replica, replica.db.all('SELECT key FROM draft').length)
    },
    isRepeatable: true,
  }
  expect((await cutAct(catalogue, company.empty, act)).wrong.join('\n')).toMatch(/done again after the start/)
}, 60_000)

test('an act in steps that doesn’t go on from the one where it was cut is found out', async () => {
  const act: Act = {
    name: 'lost step',
    run: (replica) => {
      if (replica.db.all('SELECT key FROM draft').length > 0) return
      noteOf(replica, 1)
      noteOf(replica, 2)
    },
    isRepeatable: true,
    hasSteps: true,
  }
  expect((await cutAct(catalogue, company.empty, act)).wrong.join('\n')).toMatch(/done again after the start/)
}, 60_000)
