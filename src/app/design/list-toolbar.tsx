// Above a list: the search, the filters as chips, how many rows. What is typed goes to the view's SQL after a short rest.
import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import classes from './data-list.module.css'

const restMs = 60

export interface FilterChip {
  readonly id: string
  readonly label: string
  readonly isOn: boolean
  readonly toggle: () => void
}

export interface ListToolbarProps {
  readonly search?: {
    readonly value: string
    readonly onChange: (typed: string) => void
    readonly placeholder?: string
  }
  readonly chips?: readonly FilterChip[]
  /** Anything narrows the list now. */
  readonly isFiltered?: boolean
  readonly onClear?: () => void
  readonly count: number | null
  /** More controls at the end. */
  readonly more?: ReactNode
}

export function ListToolbar({ search, chips, count, more }: ListToolbarProps): ReactNode {
  return (
    <div className={classes['toolbar']}>
      {search !== undefined && <SearchBox {...search} />}
      {chips !== undefined && (
        <div className={classes['chips']}>
          {chips.map((chip) => (
            <button
              key={chip.id}
              type="button"
              className={classes['chip']}
              aria-pressed={chip.isOn}
              onClick={chip.toggle}
            >
              {chip.label}
            </button>
          ))}
        </div>
      )}
      <span className={classes['count']}>{count === null || count === 0 ? '' : t('list.count', { n: count })}</span>
      {more}
    </div>
  )
}

function SearchBox({ value, onChange, placeholder }: NonNullable<ListToolbarProps['search']>): ReactNode {
  const [typed, setTyped] = useState(value)
  // "Clear filters" and links set it from outside.
  const [given, setGiven] = useState(value)
  if (given !== value) {
    setGiven(value)
    setTyped(value)
  }
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => onChange(typed), restMs)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return (
    <TextInput
      className={classes['search'] ?? ''}
      type="search"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      placeholder={placeholder ?? t('list.search')}
      aria-label={placeholder ?? t('list.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed === '' ? null : (
          <CloseButton size="sm" aria-label={t('form.clear')} onClick={() => (setTyped(''), onChange(''))} />
        )
      }
      enterKeyHint="search"
      autoComplete="off"
    />
  )
}
