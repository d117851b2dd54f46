// The rights of a role to tick, area by area; an area opens where somebody wants to see more of it. It changes nothing but the draft.
import type { ReactNode } from 'react'
import { CheckField } from '../../design/fields.tsx'
import { t } from '../../design/words.ts'
import {
  areaNames,
  hasEverything,
  hasRight,
  hasWhole,
  rightsOf,
  unknownIn,
  withEverything,
  withRight,
  withWhole,
  type Area,
  type Given,
} from './rights.ts'
import { areaText, rightName } from './rights-text.ts'
import classes from './profiles.module.css'

interface RightsProps {
  readonly given: Given
  readonly onChange: (given: Given) => void
}

export function RightsFields({ given, onChange }: RightsProps): ReactNode {
  const unknown = unknownIn(given)
  return (
    <>
      <CheckField
        label={t('profiles.everything')}
        value={hasEverything(given)}
        onChange={(isOn) => onChange(withEverything(given, isOn))}
      />
      {!hasEverything(given) && (
        <div className={classes['areas']}>
          {areaNames.map((area) => (
            <AreaFields key={area} area={area} given={given} onChange={onChange} />
          ))}
        </div>
      )}
      {!hasEverything(given) && unknown.length > 0 && (
        <fieldset className={classes['unknown']}>
          <legend>{t('profiles.other-rights')}</legend>
          <p>{t('profiles.other-rights-help')}</p>
          {unknown.map((right) => (
            <CheckField key={right} label={right} value onChange={(isOn) => onChange(withRight(given, right, isOn))} />
          ))}
        </fieldset>
      )}
    </>
  )
}

function AreaFields({ area, given, onChange }: RightsProps & { readonly area: Area }): ReactNode {
  const isWhole = hasWhole(given, area)
  return (
    <details className={classes['area']}>
      <summary data-is-none={(!isWhole && !rightsOf(area).some((right) => given.includes(right))) || undefined}>
        {areaText(given, area)}
      </summary>
      <div>
        <CheckField
          label={t('profiles.whole')}
          value={isWhole}
          onChange={(isOn) => onChange(withWhole(given, area, isOn))}
        />
        {rightsOf(area).map((right) => (
          <CheckField
            key={right}
            label={rightName(right)}
            value={hasRight(given, area, right)}
            isDisabled={isWhole}
            onChange={(isOn) => onChange(withRight(given, right, isOn))}
          />
        ))}
      </div>
    </details>
  )
}
