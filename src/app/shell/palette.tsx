// The search over everything (Ctrl-K): screens at once, then rows of the business by the sources of search-sources.ts. Arrows and Enter.
import { Combobox, Modal, TextInput, useCombobox } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { t } from '../text/translate.ts'
import classes from './palette.module.css'
import { screenAt, type Screen } from './screens.ts'
import { useHits } from './search-sources.ts'

export default function Palette({
  screens,
  onClose,
}: {
  readonly screens: readonly Screen[]
  readonly onClose: () => void
}): ReactNode {
  const [typed, setTyped] = useState('')
  const [, go] = useLocation()
  const box = useCombobox({ opened: true })
  // A hit whose screen the person's role doesn't have leads nowhere.
  const hits = useHits(typed).filter(({ path }) => screenAt(path, screens) !== undefined)
  const wanted = typed.trim().toLocaleLowerCase()
  const places = screens.filter((screen) => t(screen.text).toLocaleLowerCase().includes(wanted))
  const choose = (path: string) => {
    go(path)
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      centered={false}
      yOffset="10vh"
      aria-label={t('app.search')}
    >
      <Combobox store={box} onOptionSubmit={choose}>
        <Combobox.EventsTarget>
          <TextInput
            data-autofocus
            variant="unstyled"
            size="md"
            className={classes['field'] ?? ''}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value)
              box.updateSelectedOptionIndex()
            }}
            onKeyDown={(event) => {
              // The list has no state to close of its own: Esc closes the search.
              if (event.key === 'Escape') onClose()
            }}
            placeholder={t('app.search-hint')}
            aria-label={t('app.search')}
            leftSection={<IconSearch size={18} aria-hidden />}
          />
        </Combobox.EventsTarget>
        <Combobox.Options className={classes['options'] ?? ''}>
          {places.map((screen) => (
            <Combobox.Option key={screen.path} value={screen.path} className={classes['option'] ?? ''}>
              <screen.icon size={18} stroke={1.6} aria-hidden />
              <span>{t(screen.text)}</span>
            </Combobox.Option>
          ))}
          {hits.map((hit) => (
            <Combobox.Option key={hit.path} value={hit.path} className={classes['option'] ?? ''}>
              <hit.icon size={18} stroke={1.6} aria-hidden />
              <span>{hit.title}</span>
              {hit.hint !== null && <span className={classes['hint']}>{hit.hint}</span>}
            </Combobox.Option>
          ))}
          {places.length + hits.length === 0 && <Combobox.Empty>{t('form.nothing-found')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox>
    </Modal>
  )
}
