// A value that lost, in words: which field of what, the values, and the sentence that says who changed what when and why one of them stands.
import { t } from '../../design/words.ts'
import { currentLocale } from '../../design/words.ts'
import { formatWhen } from '../../text/format.ts'
import { fieldName, valueText, type FactContext } from './fact-text.ts'
import { tableName } from './foresight-text.ts'
import type { LostRow } from './inbox-item.ts'

const read = (text: string | null): unknown => (text === null ? null : JSON.parse(text))

export const shown = (row: LostRow, text: string | null, context: FactContext): string =>
  valueText(row.field, read(text), context)

/** Everything of a row that may name another one. */
export const recordedIn = (row: LostRow): unknown => [row.rowId, ...[row.base, row.kept, row.lost].map(read)]

/** `Phone of Aire Valley Plumbing` */
export const titleOf = (row: LostRow, { nameOf }: FactContext): string =>
  t('review.of', { field: fieldName(row.field), name: nameOf(row.rowId) ?? tableName(row.table) })

const kindOfRule = (rule: string | null) =>
  rule === 'first' || rule === 'larger' || rule === 'smaller' || rule === 'union' || rule === 'append' ? rule : 'later'

/** In a sentence: “the larger value counts”. */
export const ruleText = (rule: string | null): string => t(`review.rule.${kindOfRule(rule)}`)

/** In a list: “The larger value”. */
export const ruleName = (rule: string | null): string => t(`rules.name.${kindOfRule(rule)}`)

/** Who changed what when, whose value stands and by which rule. The reader is “you”. */
export function lostSentence(row: LostRow, nameOf: (id: string) => string, me: string, { now }: FactContext): string {
  const named = (id: string | null): string =>
    id === null ? t('review.somebody') : id === me ? t('review.you') : nameOf(id)
  const when = (at: number | null): string => (at === null ? '' : formatWhen(at, now, currentLocale()))
  const facts = { field: fieldName(row.field), name: named(row.by), at: when(row.at), other: named(row.otherBy) }
  const what = t(row.otherAt === null ? 'review.both-changed' : 'review.both-changed-at', {
    ...facts,
    otherAt: when(row.otherAt),
  })
  const standing = row.isMine === 1 ? row.otherBy : row.by
  const why = t(row.isOwnRule === 1 ? 'review.because-own' : 'review.because', {
    value: standing === me ? t('review.your-value') : t('review.value-of', { name: named(standing) }),
    rule: ruleText(row.rule),
  })
  return `${what} ${why}`
}
