// Small pieces of Markdown for the reference pages. Nothing here knows what it lays out.

/** The head of a generated page: nobody should mend it by hand. */
export const head = (title: string, what: string): string =>
  `# ${title}\n\n${what}\n\n_Generated from the declarations by \`npm run fix\`; a test fails when it is stale. Don't edit it._\n`

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** A table with its header row. Empty for no rows. */
export function grid(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return `${[line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')}\n`
}

export const code = (text: string): string => `\`${text}\``
export const codes = (texts: readonly string[]): string => texts.map(code).join(', ')

/** Sections by the part of a name before its first dot, in the order they first appear. */
export function byModule<T extends { readonly name: string }>(all: Iterable<T>): Map<string, T[]> {
  const modules = new Map<string, T[]>()
  for (const each of all) {
    const module = each.name.slice(0, each.name.indexOf('.'))
    const list = modules.get(module)
    if (list === undefined) modules.set(module, [each])
    else list.push(each)
  }
  return modules
}
