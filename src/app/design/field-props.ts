// What every field of a form takes. Label above, help under it, the error below the field.

export interface FieldProps<T> {
  readonly label: string
  readonly value: T
  readonly onChange: (value: T) => void
  readonly help?: string
  readonly error?: string | null
  readonly isRequired?: boolean
  readonly isDisabled?: boolean
  readonly autoFocus?: boolean
  /** For the summary of errors: the focus goes to the field of this name. */
  readonly name?: string
}

/** The kit's props of a field's frame. */
export function frameOf<T>(props: FieldProps<T>) {
  const { label, help, error, isRequired, isDisabled, autoFocus, name } = props
  return {
    label,
    description: help,
    error: error ?? false,
    required: isRequired ?? false,
    disabled: isDisabled ?? false,
    ...(name !== undefined && { name }),
    ...(autoFocus === true && { 'data-autofocus': true, autoFocus: true }),
  }
}
