// A photo as it is kept: drawn anew at the company's size, so that nothing of the camera's file is left but the picture (no
// place, no device, no hidden content), and a thumbnail small enough to travel in a row. It reads the file it is given only.

/** Longer side in pixels where the company has no wish of its own: a label can be read, and a page of them travels over a slow network. */
export const PHOTO_PIXELS_DEFAULT = 1600
const QUALITY = 0.82
const THUMBNAIL_BYTES_MAX = 8 * 1024
/** Longer side and quality, tried until it is small enough. */
const THUMBNAILS = [
  [200, 0.7],
  [160, 0.5],
  [120, 0.4],
  [80, 0.3],
] as const
const TYPE = 'image/jpeg'

export interface Picture {
  readonly content: Uint8Array
  /** JPEG in base64. */
  readonly thumbnail: string
}

/** The file is no picture that this browser can read. */
export class NoPictureError extends Error {
  override readonly name = 'NoPictureError'
}

export async function pictureOf(file: Blob, pixelsMax: number): Promise<Picture> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new NoPictureError('The file is no picture.')
  })
  try {
    const content = await drawn(bitmap, pixelsMax, QUALITY)
    for (const [pixels, quality] of THUMBNAILS) {
      const small = await drawn(bitmap, pixels, quality)
      if (small.length <= THUMBNAIL_BYTES_MAX) return { content, thumbnail: base64(small) }
    }
    throw new NoPictureError('The picture has no thumbnail that is small enough.')
  } finally {
    bitmap.close()
  }
}

async function drawn(bitmap: ImageBitmap, pixelsMax: number, quality: number): Promise<Uint8Array> {
  const scale = Math.min(1, pixelsMax / Math.max(bitmap.width, bitmap.height))
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ]
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new NoPictureError('This browser gives no canvas.')
  // What was transparent would turn black.
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  const blob = await canvas.convertToBlob({ type: TYPE, quality })
  return new Uint8Array(await blob.arrayBuffer())
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
