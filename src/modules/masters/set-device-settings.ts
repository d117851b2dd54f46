// How the company's devices exchange: how often, on what occasion, over which connection, at which hours. Devices hear it
// with their next lease and follow it at once.
import { command } from '../../kernel/command.ts'
import { ref } from '../../kernel/field.ts'
import { company, deviceSettings } from './organisation.ts'
import { mustExist } from './stand.ts'

export const setDeviceSettings = command('masters.setDeviceSettings', {
  kind: 'request',
  version: 1,
  permission: 'masters.configure',
  edits: { table: company, fields: ['deviceSettings'] },
  args: { company: ref('masters.company'), settings: deviceSettings() },
  run(ctx, a) {
    const known = mustExist(ctx, company, a.company, 'company')
    const { quietFromMinute: from, quietToMinute: to } = a.settings
    if ((from === undefined) !== (to === undefined)) ctx.refuse('masters.quiet-hours-half', {})
    ctx.patch(company, a.company, { deviceSettings: a.settings })
    ctx.describe({ name: known?.name ?? a.company })
  },
})
