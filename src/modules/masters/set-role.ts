// Makes a role or changes what it may do. Rights are never decided on a device.
import { command, type ArgsFor } from '../../kernel/command.ts'
import { code, json, name, set } from '../../kernel/field.ts'
import { bucketRules } from './bucket-rule.ts'
import { limitsSchema, role, type Limits } from './people.ts'
import type { Row } from '../../kernel/table.ts'
import { bringToStand } from './stand.ts'

export const setRole = command('masters.setRole', {
  kind: 'request',
  version: 1,
  permission: 'masters.setRights',
  edits: role,
  args: {
    code: code(),
    name: name(),
    permissions: set(),
    limits: json<Limits>(limitsSchema).optional(),
    home: code(),
    /** Null: by the permissions again. */
    buckets: bucketRules().optional(),
  },
  run(ctx, a) {
    const wrong = a.permissions.find((permission) => !/^(\*|[a-z]+\.(\*|[a-z][A-Za-z]*))$/.test(permission))
    if (wrong !== undefined) ctx.refuse('masters.permission-malformed', { permission: wrong })
    bringToStand(ctx, role, { code: a.code }, a)
    ctx.describe({ name: a.name })
  },
})

/** A role that isn't published yet, as the row it would be. */
export const draftRole = ({ limits, buckets, ...rest }: ArgsFor<typeof setRole>): Row<typeof role> => ({
  id: 'draft',
  goneAt: null,
  ...rest,
  limits: limits ?? {},
  buckets: buckets ?? null,
})
