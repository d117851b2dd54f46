// A choice among the rows of a view: type to search (in SQL, as the view does it), arrows and Enter to choose. For customers, items, places:
// lists that are too long for a select.
import { Combobox, InputBase, useCombobox } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import { frameOf, type FieldProps } from './field-props.ts'
import { useView, type ArgsOfView, type RowOfView } from './use-view.ts'
import classes from './view-picker.module.css'

const shownMax = 50

export interface ViewPickerProps<V> extends Omit<FieldProps<RowOfView<V> | null>, 'onChange'> {
  readonly onChange: (row: RowOfView<V> | null) => void
  readonly view: string
  /** The view's arguments for what was typed. */
  readonly argsFor: (typed: string) => ArgsOfView<V>
  readonly rowKey: (row: RowOfView<V>) => string
  readonly rowText: (row: RowOfView<V>) => string
  /** A second line: a code, a town, what is on hand. */
  readonly rowHint?: (row: RowOfView<V>) => ReactNode
  readonly placeholder?: string
}

/** `<ViewPicker<typeof parties> view="masters.parties" argsFor={(search) => ({ search, limit: 50 })} … />` */
export function ViewPicker<V>(props: ViewPickerProps<V>): ReactNode {
  const { value, onChange, view, argsFor, rowKey, rowText, rowHint, placeholder } = props
  const [typed, setTyped] = useState<string | null>(null)
  const box = useCombobox({ onDropdownClose: () => (box.resetSelectedOption(), setTyped(null)) })
  const { rows } = useView<V>(view, box.dropdownOpened ? argsFor(typed ?? '') : null)
  const shown = (rows ?? []).slice(0, shownMax)
  const choose = (key: string) => {
    const row = shown.find((candidate) => rowKey(candidate) === key)
    if (row !== undefined) onChange(row)
    box.closeDropdown()
  }
  return (
    <Combobox store={box} onOptionSubmit={choose}>
      <Combobox.Target>
        <InputBase
          {...frameOf({ ...props, value: null, onChange: () => {} })}
          value={typed ?? (value === null ? '' : rowText(value))}
          placeholder={placeholder}
          autoComplete="off"
          rightSection={
            value === null || props.isDisabled === true ? (
              <Combobox.Chevron />
            ) : (
              <Combobox.ClearButton onClear={() => onChange(null)} aria-label={t('form.clear')} />
            )
          }
          rightSectionPointerEvents={value === null ? 'none' : 'all'}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            box.openDropdown()
            box.selectFirstOption()
          }}
          onClick={() => box.openDropdown()}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={() => box.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options className={classes['options'] ?? ''}>
          {shown.map((row) => (
            <Combobox.Option key={rowKey(row)} value={rowKey(row)} className={classes['option'] ?? ''}>
              <span>{rowText(row)}</span>
              {rowHint !== undefined && <span className={classes['hint']}>{rowHint(row)}</span>}
            </Combobox.Option>
          ))}
          {rows !== null && shown.length === 0 && <Combobox.Empty>{t('form.nothing-found')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
