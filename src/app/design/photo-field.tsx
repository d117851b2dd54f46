// Photos of a form: taken with the camera or chosen, drawn at the company's size, kept on this device at once (so that neither a reload nor a
// kill loses one), and named by the form's draft. Saving the form is what makes them part of the work.
import { Button } from '@mantine/core'
import { IconCamera, IconX } from '@tabler/icons-react'
import { useRef, useState, type ChangeEvent, type ReactNode } from 'react'
import type { Blob as Photo } from '../../kernel/blob.ts'
import { NoPictureError, PHOTO_PIXELS_DEFAULT, pictureOf } from '../link/picture.ts'
import { refusalText } from '../text/refusal-text.ts'
import { t } from '../text/translate.ts'
import { useDevice, useSignedIn } from './device-context.ts'
import { Thumbnail } from './photo-list.tsx'
import classes from './photos.module.css'

export interface PhotoFieldProps {
  readonly value: readonly Photo[]
  readonly most: number
  /** Given what stood before, because another photo may be on its way. */
  readonly onChange: (change: (photos: readonly Photo[]) => readonly Photo[]) => void
}

export function PhotoField({ value, most, onChange }: PhotoFieldProps): ReactNode {
  const device = useDevice()
  const { policy } = useSignedIn()
  const input = useRef<HTMLInputElement>(null)
  const [isWorking, setWorking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const wish = policy['photoPixelsMax']

  const keep = async (file: File): Promise<string | null> => {
    const picture = await pictureOf(file, typeof wish === 'number' ? wish : PHOTO_PIXELS_DEFAULT)
    const taken = await device.take(picture.content)
    if (!taken.taken) return refusalText(taken.refusal.code, taken.refusal.facts)
    const photo = { ...taken.blob, thumbnail: picture.thumbnail }
    onChange((photos) => (photos.some(({ sha }) => sha === photo.sha) ? photos : [...photos, photo]))
    return null
  }

  const chosen = async (event: ChangeEvent<HTMLInputElement>) => {
    const field = event.currentTarget
    const files = [...(field.files ?? [])]
    // The same file may be chosen again later.
    field.value = ''
    setProblem(files.length + value.length > most ? t('photo.too-many', { most }) : null)
    setWorking(true)
    for (const file of files.slice(0, most - value.length)) {
      try {
        const flaw = await keep(file)
        if (flaw !== null) setProblem(flaw)
      } catch (error) {
        setProblem(
          error instanceof NoPictureError
            ? t('photo.no-picture', { name: file.name })
            : t('toast.failed', { reason: (error as Error).message }),
        )
      }
    }
    setWorking(false)
  }

  const remove = (unwanted: string) => {
    onChange((photos) => photos.filter(({ sha }) => sha !== unwanted))
    // What can't be forgotten now is forgotten by itself after thirty days.
    device.untake(unwanted).catch(() => null)
  }

  return (
    <div className={classes['field']}>
      {value.length > 0 && (
        <ul className={classes['photos']} aria-label={t('photo.photos')}>
          {value.map((photo, at) => (
            <li key={photo.sha} className={classes['photo']}>
              <Thumbnail photo={photo} alt={t('photo.one', { at: at + 1, count: value.length })} />
              <button
                type="button"
                className={classes['remove']}
                aria-label={t('photo.remove', { at: at + 1 })}
                onClick={() => remove(photo.sha)}
              >
                <IconX size={16} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={t('photo.add')}
        onChange={(event) => void chosen(event)}
      />
      <Button
        variant="default"
        leftSection={<IconCamera size={18} aria-hidden />}
        loading={isWorking}
        disabled={value.length >= most}
        onClick={() => input.current?.click()}
      >
        {t('photo.add')}
      </Button>
      <output className={classes['said']}>{isWorking && t('photo.working')}</output>
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
