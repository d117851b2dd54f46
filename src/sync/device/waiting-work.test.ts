// What is said to wait is what waits: after every step of a working day, against a count over the outbox itself.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogueOf } from '../../kernel/catalogue.ts'
import { aLoneDevice } from '../../testing/lone-device.ts'
import { addItem, wireTables } from '../../testing/wire-catalogue.ts'
import { storeOutcomes } from './outcomes.ts'
import { times } from '../../testing/properties.ts'

const catalogue = catalogueOf([{ name: 'wire', tables: wireTables, commands: [addItem] }])

test('the waiting work is the outbox, whatever was saved, refused and answered', async () => {
  const steps = fc.array(fc.constantFrom('save', 'refuse', 'answer', 'ask'), { minLength: 20, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(steps, async (day) => {
      const device = await aLoneDevice(catalogue)
      try {
        const { db, waiting } = device.replica
        let answered = 0
        let saved = 0
        for (const step of day) {
          if (step === 'save') {
            device.do('wire.addItem', { name: 'pump' })
            saved++
          } else if (step === 'refuse') expect(device.run('wire.addItem', { name: 7 }).saved).toBe(false)
          else if (step === 'answer' && answered < saved) storeOutcomes(device.replica, [device.outcomeOf(++answered)])
          if (step === 'ask') waiting.read()
          const lines = db.all<{ state: string; at: number }>('SELECT state, at FROM outbox')
          const open = lines.filter(({ state }) => state === 'captured' || state === 'sent')
          const oldestAt = open.length === 0 ? null : Math.min(...open.map(({ at }) => at))
          if (step !== 'save') expect(waiting.read()).toEqual({ count: open.length, oldestAt })
        }
      } finally {
        device.end()
      }
    }),
    { numRuns: times(3) },
  )
})
