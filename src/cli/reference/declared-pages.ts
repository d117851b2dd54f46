// The reference pages of tables and commands, from their declarations alone: what isn't declared isn't in them.
import type { Catalogue } from '../../kernel/catalogue.ts'
import type { AnyCommand } from '../../kernel/command.ts'
import type { AnyField, Fields } from '../../kernel/field.ts'
import type { AnyTable } from '../../kernel/table.ts'
import { byModule, code, codes, grid, head } from './markdown.ts'

function typeOf({ traits }: AnyField): string {
  if (traits.codes !== undefined) return `one of ${codes(traits.codes)}`
  if (traits.refersTo !== undefined) return `ref to ${code(traits.refersTo)}`
  if (traits.items !== undefined) return 'list'
  if (traits.holdsBlobs === 'one') return 'blob'
  if (traits.holdsBlobs === 'several') return 'blobs'
  return traits.type
}

function needOf({ traits }: AnyField): string {
  if (traits.need === 'required') return 'yes'
  return traits.need === 'optional' ? '' : `default ${code(JSON.stringify(traits.fallback))}`
}

function notesOf({ traits }: AnyField): string {
  return [
    traits.isDelta === true && 'sum: changes only by being added to',
    traits.isPersonal === true && 'personal',
    traits.isSensitive === true && 'sensitive',
    traits.merge !== undefined && `merge: ${traits.merge}`,
  ]
    .filter((note) => note !== false)
    .join(', ')
}

/** Rows of fields; the items of a list follow it, indented by their path. */
function fieldRows(fields: Fields, path = ''): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => [
    [code(`${path}${name}`), typeOf(field), needOf(field), notesOf(field)],
    ...(field.traits.items === undefined ? [] : fieldRows(field.traits.items, `${path}${name}[].`)),
  ])
}

const FIELD_COLUMNS = ['Field', 'Type', 'Required', 'Notes']

function tableSection(table: AnyTable): string {
  const facts = [
    `In SQL ${code(table.sqlName)}.`,
    table.side === 'hub' ? 'Written on the hub only; devices may read it.' : '',
    table.parent === null
      ? ''
      : `Lines of ${code(table.parent.table.name)} by ${code(table.parent.field)}: in its header's buckets.`,
    table.isDocument ? 'A document: draft, submitted, cancelled.' : '',
    table.key === null ? '' : `Natural key ${codes(table.key)}: two devices that make the same thing make one row.`,
    table.whole.length === 0 ? '' : `Whole in ${codes(table.whole)}: what isn't there doesn't exist.`,
    table.search.length === 0 ? '' : `Searched by ${codes(table.search)}.`,
  ].filter((fact) => fact !== '')
  const indexes = Object.entries(table.indexes).map(([name, columns]) => `- ${code(name)}: ${codes(columns)}`)
  return [
    `### ${table.name}\n`,
    `${facts.join(' ')}\n`,
    grid(FIELD_COLUMNS, fieldRows(table.fields)),
    ...(indexes.length === 0 ? [] : [`Indexes:\n\n${indexes.join('\n')}\n`]),
  ].join('\n')
}

/** Every table with its fields, keys, indexes and buckets, by module. */
export function tablesPage({ tables }: Catalogue): string {
  const sections = [...byModule(tables.values())].map(
    ([module, own]) => `## ${module}\n\n${own.map(tableSection).join('\n')}`,
  )
  const intro =
    'Every table of the product. Beside these fields each row has `id` and `goneAt` (when it was removed, or null), and on the hub `tenantId`.'
  return `${head('Tables', intro)}\n${sections.join('\n')}`
}

const kinds = {
  fact: 'a fact: it happened, the hub records it and raises exceptions',
  request: 'a request: the hub may refuse it',
  edit: 'an edit: merges field by field',
} as const

function commandSection(command: AnyCommand): string {
  const facts = `Version ${command.version}, ${kinds[command.kind]}. Permission ${code(command.permission)}.`
  const upcast = Object.keys(command.upcast)
  const older = upcast.length === 0 ? '' : ` Reads arguments of version ${upcast.join(', ')} as well.`
  const rows = grid(['Argument', ...FIELD_COLUMNS.slice(1)], fieldRows(command.args))
  return `### ${command.name}\n\n${facts}${older}\n\n${rows === '' ? 'No arguments.\n' : rows}`
}

/** Every command with its kind, version, permission and arguments, by module. */
export function commandsPage({ commands }: Catalogue): string {
  const sections = [...byModule(commands.values())].map(
    ([module, own]) => `## ${module}\n\n${own.map(commandSection).join('\n')}`,
  )
  const intro =
    'Every command of the product: its name is the same in the file, in the function and on the wire. Amounts are in the minor unit of the currency; quantities and rates have six decimals as whole numbers (1.5 is 1500000).'
  return `${head('Commands', intro)}\n${sections.join('\n')}`
}
