// Review: what people decide about parked commands, exceptions and lost values. It knows the other modules' tables only
// by name.
import type { Module } from '../../kernel/catalogue.ts'
import { to } from '../../kernel/exception-owner.ts'
import { closeCut } from './close-cut.ts'
import { closeException } from './close-exception.ts'
import { reopenOf } from './reopen.ts'
import { restoreLostOf } from './restore-lost.ts'
import { setMergeRuleOf } from './set-merge-rule.ts'
import { discard, force, resubmit } from './settle-review.ts'
import { mergeFieldsOf, reviewViews } from './views.ts'

export const reviewModule = (modules: readonly Module[]): Module => {
  const tables = new Map(modules.flatMap((each) => each.tables.map((table) => [table.name, table] as const)))
  const commands = modules.flatMap((each) => each.commands)
  return {
    name: 'review',
    tables: [],
    commands: [
      resubmit,
      force,
      discard,
      closeException,
      closeCut,
      restoreLostOf(tables),
      reopenOf(tables),
      setMergeRuleOf(tables),
    ],
    views: [...reviewViews, mergeFieldsOf(tables, commands)],
    exceptions: { COUNT_INCOMPLETE: to('stockController'), PERIOD_INCOMPLETE: to('accountant') },
  }
}
