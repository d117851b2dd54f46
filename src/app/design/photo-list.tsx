// Photos of a document: thumbnails that are there at once, what each photo's state is, and the photo itself when somebody opens it. Bytes are
// shown as pictures and as nothing else, and only after the device has checked their hash.
import { Modal } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import type { Blob as Photo } from '../../kernel/blob.ts'
import type { BlobWhere } from '../../sync/device/api.ts'
import { t } from '../text/translate.ts'
import { useDevice } from './device-context.ts'
import classes from './photos.module.css'
import { StatusChip } from './status-chip.tsx'
import type { Tone } from './tone-icon.tsx'
import { useBlobsTaken } from './use-blobs-taken.ts'

/** JPEG or WebP, by how their base64 begins. */
const addressOf = (thumbnail: string): string =>
  `data:image/${thumbnail.startsWith('/9j/') ? 'jpeg' : 'webp'};base64,${thumbnail}`

export function Thumbnail({ photo, alt }: { readonly photo: Photo; readonly alt: string }): ReactNode {
  return photo.thumbnail === undefined ? (
    <span className={classes['blank']} role="img" aria-label={alt} />
  ) : (
    <img className={classes['thumbnail']} src={addressOf(photo.thumbnail)} alt={alt} />
  )
}

export function PhotoList({ photos }: { readonly photos: readonly Photo[] }): ReactNode {
  const taken = useBlobsTaken()
  const [open, setOpen] = useState<number | null>(null)
  const shown = open === null ? undefined : photos[open]
  const nameOf = (at: number) => t('photo.one', { at: at + 1, count: photos.length })
  if (photos.length === 0) return <p className={classes['none']}>{t('photo.none')}</p>
  return (
    <>
      <ul className={classes['photos']} aria-label={t('photo.photos')}>
        {photos.map((photo, at) => (
          <li key={photo.sha} className={classes['photo']}>
            <button type="button" className={classes['open']} onClick={() => setOpen(at)}>
              <Thumbnail photo={photo} alt={nameOf(at)} />
            </button>
            <Where where={taken[photo.sha]} />
          </li>
        ))}
      </ul>
      <Modal
        opened={shown !== undefined}
        onClose={() => setOpen(null)}
        title={open === null ? '' : nameOf(open)}
        size="xl"
        closeButtonProps={{ 'aria-label': t('form.close') }}
      >
        {shown !== undefined && <Whole key={shown.sha} photo={shown} name={nameOf(open ?? 0)} />}
      </Modal>
    </>
  )
}

const whereTones: Record<BlobWhere, Tone> = { 'only-here': 'info', sent: 'ok', refused: 'error' }

/** "Sent" is the hub's own word for the photo itself; a photo that another device took says nothing here. [BLOB4] */
function Where({ where }: { readonly where: BlobWhere | undefined }): ReactNode {
  return where === undefined ? null : <StatusChip tone={whereTones[where]}>{t(`photo.${where}`)}</StatusChip>
}

type Fetched = { readonly address: string } | 'loading' | 'offline' | 'gone'

/** The photo itself, from this device or the hub. */
function Whole({ photo, name }: { readonly photo: Photo; readonly name: string }): ReactNode {
  const device = useDevice()
  const { sha, size, type } = photo
  const [fetched, setFetched] = useState<Fetched>('loading')
  useEffect(() => {
    let address: string | null = null
    let isLive = true
    device.blob(sha, size).then(
      (content) => {
        if (!isLive) return
        if (content === null || content === 'offline') return setFetched(content ?? 'gone')
        address = URL.createObjectURL(new Blob([content as Uint8Array<ArrayBuffer>], { type }))
        setFetched({ address })
      },
      () => isLive && setFetched('gone'),
    )
    return () => {
      isLive = false
      if (address !== null) URL.revokeObjectURL(address)
    }
  }, [device, sha, size, type])
  if (typeof fetched === 'object') return <img className={classes['whole']} src={fetched.address} alt={name} />
  return (
    <div className={classes['waiting']}>
      <Thumbnail photo={photo} alt={name} />
      <output>{t(`photo.${fetched}`)}</output>
    </div>
  )
}
