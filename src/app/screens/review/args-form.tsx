// The arguments of parked work as a form: the fields of the header, then those of each line, which may also be left out. What isn't plain to
// read stands beside them as it was.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { amountMinor, quantity6, rate6 } from '../../../kernel/amount.ts'
import { DateField, TextField } from '../../design/fields.tsx'
import { MoneyField, QuantityStepper, RateField } from '../../design/number-fields.tsx'
import { t } from '../../design/words.ts'
import { isEditable, isLines, valueAt, withoutLine, withValue, type Path } from './args-draft.ts'
import {
  aboutText,
  fieldName,
  isDay,
  isMoney,
  isQuantity,
  isRate,
  readable,
  type FactContext,
  type Recorded,
} from './fact-text.ts'
import { FactsTable } from './facts-table.tsx'
import classes from './review.module.css'

interface ArgsFormProps {
  readonly draft: Recorded
  readonly onChange: (draft: Recorded) => void
  readonly context: FactContext
}

export const hasEditable = (args: Recorded): boolean =>
  readable(args).some(([field, value]) => isEditable(field, value) || (isLines(value) && value.some(hasEditable)))

export function ArgsForm({ draft, onChange, context }: ArgsFormProps): ReactNode {
  const fields = (of: Recorded, pathTo: (field: string) => Path) =>
    readable(of)
      .filter(([field, value]) => isEditable(field, value))
      .map(([field]) => (
        <ArgField
          key={field}
          field={field}
          value={valueAt(draft, pathTo(field))}
          onChange={(next) => onChange(withValue(draft, pathTo(field), next))}
        />
      ))
  const lists = readable(draft).flatMap(([list, value]) => (isLines(value) ? [[list, value] as const] : []))
  return (
    <>
      <p className={classes['dim']}>{t('review.change-help')}</p>
      <div className={classes['fields']}>{fields(draft, (field) => [field])}</div>
      {lists.map(([list, lines]) => (
        <div key={list} className={classes['fields']}>
          {lines.map((line, at) => (
            // Lines have no name of their own; the fields keep nothing but what they show.
            <fieldset key={at} className={classes['line']}>
              <legend>
                {[t('review.line-of', { n: at + 1 }), aboutText(line, context)]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </legend>
              {fields(line, (field) => [list, at, field])}
              {lines.length > 1 && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  color="gray"
                  onClick={() => onChange(withoutLine(draft, list, at))}
                >
                  {t('review.leave-out')}
                </Button>
              )}
            </fieldset>
          ))}
        </div>
      ))}
      <FactsTable facts={fixedOf(draft)} context={context} />
    </>
  )
}

const fixedOf = (draft: Recorded): Recorded =>
  Object.fromEntries(Object.entries(draft).filter(([field, value]) => !isEditable(field, value) && !isLines(value)))

function ArgField({
  field,
  value,
  onChange,
}: {
  readonly field: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}): ReactNode {
  const label = fieldName(field)
  // What it is was plain when it came: a day half typed is no day.
  const [isDate] = useState(isDay(value))
  const number = typeof value === 'number' ? value : null
  if (isMoney(field))
    return <MoneyField label={label} value={number === null ? null : amountMinor(number)} onChange={onChange} />
  if (isQuantity(field))
    return <QuantityStepper label={label} value={number === null ? null : quantity6(number)} onChange={onChange} />
  if (isRate(field))
    return <RateField label={label} value={number === null ? null : rate6(number)} onChange={onChange} />
  const text = typeof value === 'string' ? value : ''
  return isDate ? (
    <DateField label={label} value={text} onChange={onChange} />
  ) : (
    <TextField label={label} value={text} onChange={onChange} />
  )
}
