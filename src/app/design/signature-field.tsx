// A signature on a document: a pad that turns strokes into a path of whole numbers, and the path drawn again wherever the document is shown.
// It never keeps a picture: strokes stay sharp at any size and can't hold anything else.
import { Button } from '@mantine/core'
import { useRef, useState, type PointerEvent, type ReactNode } from 'react'
import { SIGNATURE_CHARS_MAX } from '../../kernel/blob.ts'
import { t } from '../text/translate.ts'
import classes from './signature.module.css'
import { inkWith, PAD_HEIGHT, PAD_WIDTH, type Point } from './strokes.ts'

const box = `0 0 ${PAD_WIDTH} ${PAD_HEIGHT}`

export interface SignatureFieldProps {
  /** Strokes as a path; empty while nobody has signed. */
  readonly value: string
  readonly onChange: (ink: string) => void
}

export function SignatureField({ value, onChange }: SignatureFieldProps): ReactNode {
  // What is being drawn: the form hears of a stroke when it is done.
  const [drawing, setDrawing] = useState<string | null>(null)
  const ink = useRef('')
  const last = useRef<Point | null>(null)
  const [isTooLong, setTooLong] = useState(false)

  const draw = (event: PointerEvent<SVGSVGElement>, isNewStroke: boolean) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
    const point = {
      x: ((event.clientX - left) / width) * PAD_WIDTH,
      y: ((event.clientY - top) / height) * PAD_HEIGHT,
    }
    const next = inkWith(ink.current, point, isNewStroke ? null : last.current)
    if (next === null) return
    if (next.ink.length > SIGNATURE_CHARS_MAX) return setTooLong(true)
    ink.current = next.ink
    last.current = next.at
    setDrawing(next.ink)
  }
  const begin = (event: PointerEvent<SVGSVGElement>) => {
    if (!event.isPrimary || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    ink.current = value
    draw(event, true)
  }
  const end = () => {
    if (drawing === null) return
    onChange(drawing)
    setDrawing(null)
  }
  const clear = () => {
    setTooLong(false)
    onChange('')
  }
  return (
    <div className={classes['field']}>
      <svg
        className={classes['pad']}
        viewBox={box}
        role="img"
        aria-label={t('signature.signature')}
        onPointerDown={begin}
        onPointerMove={(event) => drawing !== null && draw(event, false)}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <path className={classes['ink']} d={drawing ?? value} />
      </svg>
      <p className={classes['help']}>{t('signature.help')}</p>
      {isTooLong && (
        <p className={classes['problem']} role="alert">
          {t('signature.too-long')}
        </p>
      )}
      {value !== '' && (
        <Button variant="default" size="sm" onClick={clear}>
          {t('signature.clear')}
        </Button>
      )}
    </div>
  )
}

/** A signature as it was given. */
export function SignatureInk({ ink, name }: { readonly ink: string; readonly name: string }): ReactNode {
  return (
    <svg className={classes['shown']} viewBox={box} role="img" aria-label={name}>
      <path className={classes['ink']} d={ink} />
    </svg>
  )
}
