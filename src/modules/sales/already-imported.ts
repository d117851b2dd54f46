// A document from another system comes in once: its id is made of the other system's token, and the second copy changes
// nothing, on whichever devices the two were captured.
import { ELSEWHERE, type Context, type Eq } from '../../kernel/command.ts'
import type { AnyTable } from '../../kernel/table.ts'

export interface ImportedId {
  readonly id: string
  /** False: the document stands already, and the command must do nothing more. */
  readonly isNew: boolean
}

/** The document's id: from its token where it has one, else from the command. `table` is keyed by company and token. */
export function importedId(
  ctx: Context,
  table: AnyTable,
  given: { readonly label: string; readonly externalRef?: string | null | undefined; readonly businessDate: string },
): ImportedId {
  const externalRef = given.externalRef ?? null
  if (externalRef === null) return { id: ctx.id(given.label), isNew: true }
  const { company, branch } = ctx.lease
  const key = { company, externalRef, branch, businessDate: given.businessDate } as Eq<AnyTable>
  const known = ctx.getByKey(table, key)
  const isNew = ctx.rule('kernel.already-imported', known === null || known === ELSEWHERE, {
    externalRef,
    exception: 'ALREADY_IMPORTED',
  })
  return { id: ctx.idOf(table, key), isNew }
}
