// The rows of a draft's view, by table, as the kernel's own rows: what an invoice or a credit note is proposed from. It computes nothing.
import type { AnyTable, Row } from '../../../kernel/table.ts'
import type { WholeRow } from '../../../modules/sales/draft-views.ts'
import { storedRow } from '../shared/stored-row.ts'

export function rowsIn<T extends AnyTable>(rows: readonly WholeRow[], table: T): readonly Row<T>[] {
  return rows
    .filter((each) => each.table === table.name)
    .map(({ row }) => storedRow(table, JSON.parse(row) as Record<string, unknown>))
}
