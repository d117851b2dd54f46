// The fields of forms: text, note, day, choice, yes or no. Values are what the commands take; a field never holds a number as text.
import { Checkbox, NativeSelect, TextInput, Textarea } from '@mantine/core'
import type { HTMLInputAutoCompleteAttribute, ReactNode } from 'react'
import { frameOf, type FieldProps } from './field-props.ts'

export interface TextFieldProps extends FieldProps<string> {
  readonly placeholder?: string
  readonly type?: 'text' | 'email' | 'tel' | 'url'
  readonly autoComplete?: HTMLInputAutoCompleteAttribute
  readonly lengthMax?: number
}

export function TextField(props: TextFieldProps): ReactNode {
  const { value, onChange, placeholder, type = 'text', autoComplete = 'off', lengthMax } = props
  return (
    <TextInput
      {...frameOf(props)}
      type={type}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={placeholder}
      autoComplete={autoComplete}
      maxLength={lengthMax}
    />
  )
}

export function NoteField(props: FieldProps<string> & { readonly rows?: number }): ReactNode {
  const { value, onChange, rows = 3 } = props
  return (
    <Textarea {...frameOf(props)} rows={rows} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  )
}

/** A calendar day `YYYY-MM-DD`, or '' for none. The browser's own calendar: it is localised and works with every reader. */
export function DateField(props: FieldProps<string> & { readonly min?: string; readonly max?: string }): ReactNode {
  const { value, onChange, min, max } = props
  return (
    <TextInput
      {...frameOf(props)}
      type="date"
      value={value}
      min={min}
      max={max}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** A time of the day `HH:MM`, or '' for none. */
export function TimeField(props: FieldProps<string>): ReactNode {
  const { value, onChange } = props
  return (
    <TextInput
      {...frameOf(props)}
      type="time"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

export interface Choice<C extends string> {
  readonly value: C
  readonly label: string
}

/** One of a short, known list. For rows of a view there is ViewPicker. */
export function SelectField<C extends string>(
  props: FieldProps<C> & { readonly choices: readonly Choice<C>[] },
): ReactNode {
  const { value, onChange, choices } = props
  return (
    <NativeSelect
      {...frameOf(props)}
      value={value}
      data={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
      onChange={(event) => onChange(event.currentTarget.value as C)}
    />
  )
}

export function CheckField(props: FieldProps<boolean>): ReactNode {
  const { required: _, ...frame } = frameOf(props)
  return <Checkbox {...frame} checked={props.value} onChange={(event) => props.onChange(event.currentTarget.checked)} />
}
