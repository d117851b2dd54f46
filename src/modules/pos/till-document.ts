// The kernel's `document()` with the type its callers need: the header fields are added by the kernel, so a declaration
// gives only its own. It adds nothing at run time.
import { document, type HeaderFields } from '../../kernel/document.ts'
import type { Fields } from '../../kernel/field.ts'
import type { Table, TableOptions } from '../../kernel/table.ts'

type Own<F extends Fields> = Omit<TableOptions<F & HeaderFields>, 'fields'> & { readonly fields: F }

export const tillDocument = <const F extends Fields>(name: string, options: Own<F>): Table<F & HeaderFields> =>
  document<F>(name, options as unknown as TableOptions<F & HeaderFields> & { readonly fields: F })
