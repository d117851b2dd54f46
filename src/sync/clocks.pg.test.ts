// A device's machine whose clock is ten years ahead or behind, stands still and is set right again while its program is away, end to end: a
// real process, a real hub, and in between that hub is restored from an older backup. The lease, the numbers, the dates that the hub
// believes and what is kept for thirty days are right all the while, and every piece of work is there once.
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { newEnrolmentCode } from '../hub/enrolment.ts'
import { SETUP_USER } from '../hub/leases.ts'
import type { ServedHub } from '../hub/serve.ts'
import { AskedDevice } from '../testing/asked-device.ts'
import { HubLives } from '../testing/hub-lives.ts'
import { inTenant } from './hub/tenant.ts'
import type { Envelope } from './protocol.ts'

const DAY = 24 * 3_600_000
const TEN_YEARS = 3652 * DAY
/** Every capture is at most so long ago. */
const A_TEST_MS = 600_000
let lives: HubLives
let device: AskedDevice | null = null
afterEach(async () => {
  await device?.kill()
  device = null
  await lives.end()
})

const logOf = (served: ServedHub): Promise<{ outcome: string; line: string; received_at: number; seq: number }[]> =>
  inTenant(
    served.hub.pool,
    served.hub.tenant,
    async (client) =>
      (
        await client.query<{ outcome: string; line: string; received_at: number; seq: number }>(
          'SELECT seq, outcome, line, received_at FROM command_log ORDER BY seq',
        )
      ).rows,
  )

test.each([
  ['ahead', TEN_YEARS],
  ['behind', -TEN_YEARS],
])(
  '[AUTH5] [TIME1] [OUT3] [LIFE1] a clock ten years %s, standing still and set right, with a restored hub in between',
  async (_, offMs) => {
    lives = await HubLives.begin()
    let hubOff = 0
    lives.now = () => Date.now() + hubOff
    let served = await lives.start()
    const { port } = served
    const hubUrl = `http://127.0.0.1:${port}`
    const directory = join(lives.root, 'device')
    const enrol = { code: await newEnrolmentCode(served.hub, null), signIn: SETUP_USER, password: lives.password }
    const right = { offMs: 0, frozenAt: null }
    const wrong = { offMs, frozenAt: null }
    let asked = (device = await AskedDevice.start({ directory, hubUrl, clock: right, enrol }))
    const saved: string[] = []
    /** By name, of what was captured while the machine's clock was set unseen: what it believes of the time is no more than a guess. */
    const guessed = new Set<string>()
    const add = async (name: string): Promise<void> => {
      expect(await asked.ask('run', ['wire.addItem', { name }])).toMatchObject({ saved: true })
      saved.push(name)
    }
    /** The lease counts whichever clock went further: a jump ahead ends it, a jump back wins nothing and takes nothing. */
    const addAfterJump = async (name: string, isAhead: boolean): Promise<void> => {
      if (!isAhead) return add(name)
      expect(await asked.ask('run', ['wire.addItem', { name }])).toMatchObject({
        refusal: { code: 'sync.lease-expired' },
      })
      expect(await asked.ask('items', null)).toBe('sync.lease-expired')
    }
    const settled = async (): Promise<void> =>
      expect(await asked.ask('sync', null)).toMatchObject({
        waiting: 0,
        fault: null,
        isPushOnly: false,
        isOnline: true,
      })

    await asked.ask('sync', null)
    await add('before all')
    await settled()
    await lives.stop(served)
    const backup = await lives.copy()

    // The hub is away, and the clock jumps before the program's eyes.
    await asked.ask('clock', wrong)
    await addAfterJump('jumped', offMs > 0)
    served = await lives.start(undefined, port)
    await settled()
    await add('on line with a wrong clock')
    await settled()
    await asked.ask('clock', { offMs, frozenAt: Date.now() + offMs })
    for (const name of ['frozen', 'frozen still']) await add(name)
    await settled()
    await asked.kill()
    asked = device = await AskedDevice.start({ directory, hubUrl, clock: wrong })
    await add('after a kill, as wrong as before')
    await settled()
    expect(await asked.ask('outbox', null)).toHaveLength(saved.length)
    await lives.stop(served)

    // Its hub is put back to before all of that, as another life.
    await lives.setIncarnation(backup, 'another life')
    served = await lives.start(backup, port)
    expect(await logOf(served)).toHaveLength(1)
    await settled()
    await settled()
    expect(await logOf(served)).toHaveLength(saved.length)

    // The program is away while somebody sets the clock right; the hub is away as well.
    await asked.kill()
    await lives.stop(served)
    asked = device = await AskedDevice.start({ directory, hubUrl, clock: right })
    guessed.add('set right unseen')
    await addAfterJump('set right unseen', offMs < 0)
    served = await lives.start(backup, port)
    await settled()
    await add('all is well')
    await settled()
    expect(await asked.ask('outbox', null)).toHaveLength(saved.length)
    expect([...new Set(await asked.ask('incidents', null))]).toEqual(['hub-restored'])

    const log = await logOf(served)
    expect(log.map(({ outcome }) => outcome)).toEqual(saved.map(() => 'accepted'))
    const envelopes = log.map(({ line, received_at }) => ({ ...(JSON.parse(line) as Envelope), received_at }))
    expect(envelopes.map(({ args }) => (args as { name: string }).name)).toEqual(saved)
    // Legal numbers: each once, none left out, whatever year the machine believed in.
    expect(envelopes.map(({ nos }) => nos)).toEqual(saved.map((_name, index) => ({ 'I-26': [index + 1] })))
    // What each capture says of the hub's time is right within what it says of its own error; and that is small unless nobody watched.
    const now = Date.now()
    for (const { args, at, off } of envelopes) {
      const { name } = args as { name: string }
      const [correction, error] = off ?? [0, 0]
      expect([name, Math.abs(now - (at + correction)) < A_TEST_MS + error]).toEqual([name, true])
      if (!guessed.has(name)) expect([name, error < 200_000]).toEqual([name, true])
    }
    const raised = await inTenant(served.hub.pool, served.hub.tenant, async (client) =>
      (await client.query<{ code: string }>('SELECT code FROM kernel_exception')).rows.map(({ code }) => code),
    )
    expect(raised).toEqual([])

    // Thirty days are the hub's: no year of the machine's clock made it forget, and a month of the hub does.
    hubOff = 31 * DAY
    await asked.ask('clock', wrong)
    await asked.ask('sync', null)
    await settled()
    expect((await asked.ask('outbox', null)).map(({ seq }) => seq)).toEqual([saved.length])
    await add('a month later')
    await settled()
    const items = await asked.ask('items', null)
    expect(typeof items === 'string' ? items : items.map(({ name }) => name).sort()).toEqual([...saved].sort())
    const { integrity } = await asked.ask('status', null)
    expect(integrity).toMatchObject({ rowsVerified: integrity.rowsHeld, broken: [] })
    await asked.end()
  },
  240_000,
)
