// Keys of people: the same on a disk and in memory, shared by the processes of a hub, gone when they are destroyed, and whole after a crash.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { MemoryKeyFile } from '../testing/memory-key-file.ts'
import { keyFileIn, KeyRing, type KeyFile } from './subject-keys.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-keys-'))
let folders = 0
const newFolder = (): string => mkdtempSync(join(root, `f${(folders += 1)}-`))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const places: Readonly<Record<string, () => KeyFile>> = {
  'a disk': () => keyFileIn(newFolder()),
  memory: () => new MemoryKeyFile(),
}

describe.each(Object.keys(places))('%s', (place) => {
  const file = (): KeyFile => (places[place] as () => KeyFile)()

  test('[ERASE1] a value opens under its person’s key alone, in every process, until the key is destroyed', async () => {
    const at = file()
    const [one, two] = [new KeyRing(at), new KeyRing(at)]
    const [anne, bo, nobody] = await one.seal('t', [
      { subject: 'anne', plain: 'Anne' },
      { subject: 'bo', plain: 'Bo' },
      { subject: '', plain: 'nobody’s' },
    ])
    const sealed = { anne: anne ?? '', bo: bo ?? '', nobody: nobody ?? '' }
    expect(at.read() + JSON.stringify(sealed)).not.toMatch(/Anne|"Bo"/)
    const all = [
      { subject: 'anne', sealed: sealed.anne },
      { subject: 'bo', sealed: sealed.bo },
      { subject: '', sealed: sealed.nobody },
    ]
    expect(await two.open('t', all)).toEqual(['Anne', 'Bo', 'nobody’s'])
    // Under another's key, of another tenant, or changed, it opens nothing.
    expect(await two.open('t', [{ subject: 'bo', sealed: sealed.anne }])).toEqual([null])
    expect(await two.open('u', all)).toEqual([null, null, null])
    expect(await two.open('t', [{ subject: 'anne', sealed: `A${sealed.anne.slice(1)}` }])).toEqual([
      sealed.anne.startsWith('A') ? 'Anne' : null,
    ])
    await two.destroy('t', [{ subject: 'anne', table: 'masters.party' }])
    for (const ring of [one, two, new KeyRing(at)]) {
      expect(await ring.open('t', all)).toEqual([null, 'Bo', 'nobody’s'])
      expect(await ring.destroyed('t')).toMatchObject([{ subject: 'anne', table: 'masters.party' }])
      expect(await ring.destroyed('u')).toEqual([])
    }
  })

  test('somebody whose key was destroyed never gets another', async () => {
    const at = file()
    const ring = new KeyRing(at)
    await ring.seal('t', [{ subject: 'anne', plain: 'Anne' }])
    await ring.destroy('t', [{ subject: 'anne', table: 'masters.party' }])
    const [again = ''] = await ring.seal('t', [{ subject: 'anne', plain: 'Anne' }])
    expect(await ring.open('t', [{ subject: 'anne', sealed: again }])).toEqual([null])
    expect(at.read()).not.toContain('"k"')
  })
})

test('on a disk nobody else may read them, and a line that a crash cut off costs nothing', async () => {
  const folder = newFolder()
  const path = join(folder, 'subject-keys')
  const [first = ''] = await new KeyRing(keyFileIn(folder)).seal('t', [{ subject: 'anne', plain: 'Anne' }])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  appendFileSync(path, '\n["k","t","bo","AAAA')
  const ring = new KeyRing(keyFileIn(folder))
  const [second = ''] = await ring.seal('t', [{ subject: 'cy', plain: 'Cy' }])
  const both = [
    { subject: 'anne', sealed: first },
    { subject: 'cy', sealed: second },
  ]
  expect(await new KeyRing(keyFileIn(folder)).open('t', both)).toEqual(['Anne', 'Cy'])
  await ring.destroy('t', [{ subject: 'cy', table: 'masters.user' }])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8').split('\n').filter(Boolean)).toHaveLength(2)
})
