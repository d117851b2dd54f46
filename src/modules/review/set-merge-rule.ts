// A company's own merge rule for one field, or back to the declared one. Every device holds the rules, and a command that
// met a clash has read its field's rule: a change of rule makes unsettled work run again like any other change. It
// decides about clashes to come; what was decided stays as it was.
import { ELSEWHERE, command, type Command } from '../../kernel/command.ts'
import { code, text } from '../../kernel/field.ts'
import { mergeRule } from '../../kernel/kernel-tables.ts'
import { choosableRules, ruleFits } from '../../kernel/merge.ts'
import type { AnyTable } from '../../kernel/table.ts'

const args = { table: code(), field: text(64), rule: code(choosableRules).optional() }

/** `tables` by name: those that have fields to decide about. No rule: the declared one holds again. [MRG2] */
export const setMergeRuleOf = (tables: ReadonlyMap<string, AnyTable>): Command<typeof args> =>
  command('review.setMergeRule', {
    kind: 'request',
    version: 1,
    permission: 'masters.setMergeRule',
    edits: mergeRule,
    args,
    run(ctx, a) {
      const rule = a.rule ?? null
      ctx.describe({ table: a.table, field: a.field, rule })
      const traits = tables.get(a.table)?.fields[a.field]?.traits
      if (traits === undefined || traits.merge === 'stamp')
        return ctx.refuse('review.unknown-field', { table: a.table, field: a.field })
      if (rule !== null && !ruleFits(rule, traits))
        return ctx.refuse('review.rule-does-not-fit', { field: a.field, rule })
      const key = { table: a.table, field: a.field }
      const standing = ctx.getByKey(mergeRule, key)
      if (standing === ELSEWHERE) return
      const id = ctx.idOf(mergeRule, key)
      const by = { setBy: ctx.user, setAt: ctx.now }
      if (rule === null) {
        if (standing !== null) ctx.remove(mergeRule, id)
      } else if (standing === null) ctx.insert(mergeRule, { id, ...key, rule, ...by })
      else ctx.patch(mergeRule, id, { rule, ...by })
    },
  })
