// What must hold before a handler runs: the arguments have their shape and the lease carries the permission. It reads
// nothing that is stored.
import type { AnyCommand } from './command.ts'
import { shapeFault } from './field.ts'
import { ANYBODY, mayDo, type Lease } from './lease.ts'
import type { Refusal } from './refusal.ts'

export function entryFault(command: AnyCommand, args: unknown, lease: Lease): Refusal | null {
  const fault = shapeFault(command.schema, args)
  if (fault !== null)
    return {
      code: 'kernel.bad-arguments',
      facts: { command: command.name, path: fault.path, reason: fault.reason },
      check: 'shape',
    }
  if (command.permission !== ANYBODY && !mayDo(lease, command.permission)) {
    return {
      code: 'kernel.not-permitted',
      facts: { permission: command.permission, user: lease.user },
      check: 'authority',
    }
  }
  return null
}
