// Photos on a device without any hub: kept before they are named, saved with their command or not at all, gone on with
// after a kill, and never gone while somebody may need them.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BLOB_BYTES_MAX } from '../../kernel/blob.ts'
import { albumCatalogue, aPicture, asBlob, report, shaOf } from '../../testing/album-catalogue.ts'
import { aLoneDevice, aPage, NOON, type LoneDevice } from '../../testing/lone-device.ts'
import { parseEnvelope } from '../envelope.ts'
import { PUT_OFF_MS_MAX } from './kept-blobs.ts'
import { storeOutcomes } from './outcomes.ts'
import { applyPull } from './settle.ts'

const DAY_MS = 24 * 3_600_000
let device: LoneDevice
beforeEach(async () => {
  device = await aLoneDevice(albumCatalogue)
})
afterEach(() => device.end())

const kept = () => device.replica.blobs
const lastLine = () => {
  const row = device.replica.db.get<{ line: string; pd: string }>(
    'SELECT line, pd FROM outbox ORDER BY seq DESC LIMIT 1',
  )
  return { envelope: parseEnvelope(row?.line ?? ''), line: row?.line ?? '', pd: row?.pd ?? '' }
}

test('[BLOB3] a command that names a photo is saved with all of its bytes, or not at all', () => {
  const photo = aPicture(1, 600_000)
  const args = { place: 'company', note: 'a', photos: [asBlob(photo)] }
  expect(device.run('album.record', args)).toMatchObject({ saved: false, refusal: { code: 'sync.file-missing' } })
  expect(device.replica.db.get('SELECT 1 FROM outbox')).toBeUndefined()
  expect(device.replica.db.get('SELECT 1 FROM album_report')).toBeUndefined()

  expect(kept().take(photo, NOON)).toEqual({
    taken: true,
    blob: { sha: shaOf(photo), type: 'image/jpeg', size: 600_000 },
  })
  expect(kept().waiting().count).toBe(0)
  device.do('album.record', args)
  expect(kept().waiting()).toMatchObject({ count: 1, bytes: 600_000, refused: 0 })
  expect(Buffer.from(kept().pieces.read(shaOf(photo))).equals(photo)).toBe(true)
})

test('[BLOB3] a refused command leaves the photo as it was: taken, and named by nothing', () => {
  const photo = aPicture(1, 1_000)
  kept().take(photo, NOON)
  expect(device.run('album.record', { place: 'company', note: 'never', photos: [asBlob(photo)] })).toMatchObject({
    saved: false,
  })
  expect(kept().waiting().count).toBe(0)
})

test('[BLOB1] the envelope lists what is named, in lists too, and the sealed line holds no thumbnail of a personal photo', () => {
  const [a, b, c] = [aPicture(1, 500), aPicture(2, 501), aPicture(3, 502)]
  for (const each of [a, b, c]) kept().take(each, NOON)
  device.do('album.record', {
    place: 'company',
    note: 'a',
    cover: asBlob(c),
    photos: [{ ...asBlob(a), thumbnail: '/9j/personalpersonal' }],
    pages: [{ photo: asBlob(b) }, { photo: asBlob(a) }],
  })
  const { envelope, line, pd } = lastLine()
  expect(envelope?.blobs).toEqual([shaOf(a), shaOf(b), shaOf(c)].sort())
  expect(line).not.toContain('personalpersonal')
  expect(pd).toContain('personalpersonal')
})

test.each([
  ['a sha in capitals', { sha: 'A'.repeat(64) }],
  ['a path for a name', { sha: `../../${'a'.repeat(58)}` }],
  ['a short sha', { sha: 'a'.repeat(63) }],
  ['another type', { type: 'text/html' }],
  ['no bytes', { size: 0 }],
  ['too many bytes', { size: BLOB_BYTES_MAX + 1 }],
  ['a fraction', { size: 1.5 }],
  ['a thumbnail above 8 KB', { thumbnail: `/9j/${'A'.repeat(10_924)}` }],
  ['a thumbnail that is markup', { thumbnail: 'PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+' }],
  ['something more', { href: 'https://example.org' }],
])('[BLOB1] a blob with %s is no argument', (_, wrong) => {
  const photo = aPicture(1, 100)
  kept().take(photo, NOON)
  const answer = device.run('album.record', { place: 'company', note: 'a', cover: { ...asBlob(photo), ...wrong } })
  expect(answer).toMatchObject({ saved: false, refusal: { check: 'shape' } })
})

test('[BLOB2] a signature is strokes of at most 32 KB and nothing else', () => {
  const saved = (signed: string): boolean => device.run('album.record', { place: 'company', note: 'a', signed }).saved
  for (const ink of ['M1 2L3 4', 'M0 0', 'M1999 599L12 5M7 8L9 9L10 10', `M1 2${'L100 100'.repeat(4_000)}`])
    expect({ ink, isSaved: saved(ink) }).toEqual({ ink, isSaved: true })
  const wrong = ['', 'L1 2', 'M1 2 L3 4', 'M1 2L3 4"/><script>', 'M1.5 2', `M1 2${'L100 100'.repeat(4_200)}`]
  for (const ink of wrong) expect({ ink, isSaved: saved(ink) }).toEqual({ ink, isSaved: false })
})

test('[BLOB3] what is no picture or document isn’t kept', () => {
  const page = new TextEncoder().encode('<!doctype html><script>alert(1)</script>')
  expect(kept().take(page, NOON)).toMatchObject({ taken: false, refusal: { code: 'sync.file-unsupported' } })
  expect(kept().take(new Uint8Array(0), NOON)).toMatchObject({ taken: false })
  const huge = aPicture(1, 100)
  // 65 535 × 65 535 pixels in a hundred bytes.
  huge.set([0xff, 0xff, 0xff, 0xff], 25)
  expect(kept().take(huge, NOON)).toMatchObject({ taken: false, refusal: { code: 'sync.file-unsupported' } })
  expect(device.replica.db.get('SELECT 1 FROM piece')).toBeUndefined()
})

test('[BLOB3] the same photo twice is kept once, and what others put into a row may be named again', () => {
  const photo = aPicture(1, 300_000)
  kept().take(photo, NOON)
  kept().take(photo, NOON + 1)
  expect(device.replica.db.get('SELECT SUM(length(content)) AS bytes FROM piece')).toEqual({ bytes: 300_000 })
  const theirs = asBlob(aPicture(9, 700))
  const row = { id: 'r1', goneAt: null, place: 'company', note: 'b', cover: null, photos: [theirs], signed: null }
  applyPull(device.replica, [aPage({ w: 1, rows: [[report, row]] })], NOON)
  expect(device.run('album.change', { report: 'r1', photos: [theirs, asBlob(photo)] })).toMatchObject({ saved: true })
  expect(kept().onlyHere()).toEqual([shaOf(photo)])
})

test('[BLOB6] bytes go after thirty days or when there are too many, never while a command that names them has no outcome', () => {
  const photos = [1, 2, 3].map((seed) => aPicture(seed, 1_000))
  for (const [index, photo] of photos.entries()) {
    kept().take(photo, NOON)
    device.do('album.record', { place: 'company', note: 'a', cover: asBlob(photo) })
    kept().confirm(shaOf(photo), 'i1', NOON + index)
  }
  const late = NOON + 31 * DAY_MS
  expect(kept().due(late)).toEqual([])
  storeOutcomes(device.replica, [device.outcomeOf(1), device.outcomeOf(3)])
  expect([...kept().due(late)].sort()).toEqual([photos[0], photos[2]].map((photo) => shaOf(photo as Uint8Array)).sort())
  expect(kept().due(NOON + DAY_MS)).toEqual([])
  // Room for two: the oldest of what may go.
  expect(kept().due(NOON + DAY_MS, 2_000)).toEqual([shaOf(photos[0] as Uint8Array)])
})

test('[BLOB6] what another life of the hub confirmed waits again', () => {
  const photo = aPicture(1, 1_000)
  kept().take(photo, NOON)
  device.do('album.record', { place: 'company', note: 'a', cover: asBlob(photo) })
  expect(kept().whereabouts()).toEqual({ [shaOf(photo)]: 'only-here' })
  kept().confirm(shaOf(photo), 'i1', NOON)
  expect(kept().waiting().count).toBe(0)
  expect(kept().whereabouts()).toEqual({ [shaOf(photo)]: 'sent' })
  device.replica.meta.set('incarnation', 'i2')
  expect(kept().waiting().count).toBe(1)
  expect(kept().whereabouts()).toEqual({ [shaOf(photo)]: 'only-here' })
  expect(kept().next(NOON)?.sha).toBe(shaOf(photo))
})

test('[BLOB6] what a hub of the same life confirmed is asked for again when it lost work, and once a day later whatever it says', () => {
  const photo = aPicture(1, 1_000)
  const sha = shaOf(photo)
  kept().take(photo, NOON)
  device.do('album.record', { place: 'company', note: 'a', cover: asBlob(photo) })
  kept().confirm(sha, 'i1', NOON)
  expect(kept().toLookAt(NOON + DAY_MS - 1)).toEqual([])
  expect(kept().toLookAt(NOON + DAY_MS)).toEqual([sha])
  kept().lookedAt(sha)
  expect(kept().toLookAt(NOON + 2 * DAY_MS)).toEqual([])
  kept().doubt()
  // It is asked first how much of it there is.
  expect(kept().next(NOON)).toMatchObject({ sha, size: 1_000, tries: 0, isBegun: true })
})

test('[BLOB5] one that was put off waits for its time; a time that only a clock far ahead could mean is now', () => {
  const photo = aPicture(1, 1_000)
  const sha = shaOf(photo)
  kept().take(photo, NOON)
  device.do('album.record', { place: 'company', note: 'a', cover: asBlob(photo) })
  for (const wait of [1, PUT_OFF_MS_MAX]) {
    kept().putOff(sha, NOON + wait, 'blob.gap')
    expect(kept().next(NOON)).toBeNull()
    expect(kept().next(NOON + wait - 1)).toBeNull()
    expect(kept().next(NOON + wait)?.sha).toBe(sha)
  }
  const ahead = NOON + 3_652 * DAY_MS
  kept().putOff(sha, ahead + PUT_OFF_MS_MAX, 'blob.gap')
  expect(kept().next(ahead)).toBeNull()
  expect(kept().next(NOON)?.sha).toBe(sha)
  kept().confirm(sha, 'i1', ahead)
  expect(kept().toLookAt(ahead)).toEqual([])
  expect(kept().toLookAt(NOON)).toEqual([sha])
})

test('[BLOB6] what was confirmed in the life of the hub that was known when it was sent waits again in the next one', () => {
  const photo = aPicture(1, 1_000)
  kept().take(photo, NOON)
  device.do('album.record', { place: 'company', note: 'a', cover: asBlob(photo) })
  device.replica.meta.set('incarnation', 'i2')
  kept().confirm(shaOf(photo), 'i1', NOON)
  expect(kept().next(NOON)?.sha).toBe(shaOf(photo))
})

test('[BLOB3] a photo that somebody thought better of is gone at once; one that was saved stays', () => {
  const [unwanted, wanted] = [aPicture(1, 300_000), aPicture(2, 1_000)]
  for (const photo of [unwanted, wanted]) kept().take(photo, NOON)
  device.do('album.record', { place: 'company', note: 'a', cover: asBlob(wanted) })
  for (const photo of [unwanted, wanted]) kept().untake(shaOf(photo))
  expect(kept().isWhole(shaOf(unwanted))).toBe(false)
  expect(device.replica.db.get('SELECT SUM(length(content)) AS bytes FROM piece')).toEqual({ bytes: 1_000 })
  expect(kept().onlyHere()).toEqual([shaOf(wanted)])
})

test('[BLOB3] what no command ever named goes after thirty days', () => {
  const photo = aPicture(1, 1_000)
  kept().take(photo, NOON)
  kept().forgetUnused(NOON + 29 * DAY_MS)
  expect(kept().isWhole(shaOf(photo))).toBe(true)
  kept().forgetUnused(NOON + 31 * DAY_MS)
  expect(kept().isWhole(shaOf(photo))).toBe(false)
  expect(device.replica.db.get('SELECT 1 FROM piece')).toBeUndefined()
})

test('[BLOB3] a photo in a draft outlives a clock that is years ahead', () => {
  const photo = aPicture(1, 1_000)
  kept().take(photo, NOON)
  const { db } = device.replica
  db.run('INSERT INTO draft (key, value, at) VALUES (?, ?, ?)', ['visit', JSON.stringify([asBlob(photo)]), NOON])
  kept().forgetUnused(NOON + 4_000 * DAY_MS)
  expect(kept().isWhole(shaOf(photo))).toBe(true)
  db.run('DELETE FROM draft')
  kept().forgetUnused(NOON + 4_000 * DAY_MS)
  expect(kept().isWhole(shaOf(photo))).toBe(false)
})

test('[BLOB3] a full disk keeps nothing of a photo, and what was saved stays whole', () => {
  const { db } = device.replica
  const small = aPicture(1, 10_000)
  kept().take(small, NOON)
  const { pages } = db.get<{ pages: number }>('SELECT page_count AS pages FROM pragma_page_count') ?? { pages: 0 }
  db.exec(`PRAGMA max_page_count = ${pages + 20}`)
  const large = aPicture(2, 900_000)
  expect(() => kept().take(large, NOON)).toThrow(expect.objectContaining({ kind: 'disk-full' }))
  expect(kept().isWhole(shaOf(large))).toBe(false)
  expect(db.get('SELECT SUM(length(content)) AS bytes FROM piece')).toEqual({ bytes: 10_000 })
  device.do('album.record', { place: 'company', note: 'a', cover: asBlob(small) })
})
