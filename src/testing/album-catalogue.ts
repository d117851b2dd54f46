// Reports with photos, a cover and a signature, for tests of blobs: a place that says whose they are, an edit that puts
// photos beside those of others, and pictures of any size from a seed.
import { createHash } from 'node:crypto'
import { blob, blobs, signature, type Blob } from '../kernel/blob.ts'
import { catalogueOf } from '../kernel/catalogue.ts'
import { command } from '../kernel/command.ts'
import { code, list, text } from '../kernel/field.ts'
import { table } from '../kernel/table.ts'
import { seededDraw } from './any-row.ts'

export const report = table('album.report', {
  fields: {
    place: code(),
    note: text(200),
    cover: blob().optional(),
    photos: blobs().default([]).personal(),
    signed: signature().optional().personal(),
  },
  buckets: (row) => [row.place],
})

export const record = command('album.record', {
  kind: 'fact',
  version: 1,
  permission: 'album.work',
  args: {
    place: code(),
    note: text(200),
    cover: blob().optional(),
    photos: blobs().optional().personal(),
    signed: signature().optional().personal(),
    pages: list({ photo: blob() }).optional(),
  },
  run(ctx, a) {
    if (a.note === 'never') ctx.refuse('album.never')
    if (a.note === 'not yet' && ctx.isHub) ctx.refuse('album.not-yet')
    ctx.insert(report, {
      id: ctx.id('report'),
      place: a.place,
      note: a.note,
      cover: a.cover ?? null,
      photos: a.photos ?? [],
      signed: a.signed ?? null,
    })
  },
})

export const change = command('album.change', {
  kind: 'edit',
  version: 1,
  permission: 'album.work',
  args: { report: text(64), photos: blobs().optional(), place: code().optional() },
  run(ctx, a) {
    if (ctx.get(report, a.report) === null) ctx.refuse('album.unknown')
    ctx.patch(report, a.report, {
      ...(a.photos != null && { photos: a.photos }),
      ...(a.place != null && { place: a.place }),
    })
  },
})

export const albumCatalogue = catalogueOf([{ name: 'album', tables: [report], commands: [record, change], views: [] }])

// The head of a JPEG of 640 × 480: what follows it is noise.
const HEAD = [0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]
const FRAME = [0xff, 0xc0, 0, 17, 8, 1, 0xe0, 2, 0x80, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]

/** A picture of exactly `bytes` bytes, the same for the same seed. */
export function aPicture(seed: number, bytes: number): Uint8Array {
  const draw = seededDraw(seed)
  const content = new Uint8Array(bytes)
  // By four bytes: a simulated world takes thousands of them.
  const words = new Uint32Array(content.buffer, 0, bytes >> 2)
  for (let at = 0; at < words.length; at++) words[at] = draw(2 ** 32)
  for (let at = words.length * 4; at < bytes; at++) content[at] = draw(256)
  content.set([...HEAD, ...FRAME])
  return content
}

export const shaOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

export const asBlob = (content: Uint8Array): Blob => ({
  sha: shaOf(content),
  type: 'image/jpeg',
  size: content.length,
  thumbnail: '/9j/2wBDAAEB',
})
