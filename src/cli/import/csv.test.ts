import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCsv, type CsvOptions, type CsvRow } from './csv.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'holdfast-csv-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function rowsOf(content: string | Buffer, options: CsvOptions = {}, name = 'a.csv'): Promise<CsvRow[]> {
  const path = join(folder, name)
  writeFileSync(path, content)
  const rows: CsvRow[] = []
  for await (const row of readCsv(path, options)) rows.push(row)
  return rows
}
const cells = async (content: string | Buffer, options?: CsvOptions, name?: string): Promise<unknown> =>
  (await rowsOf(content, options, name)).map((row) => row.cells)

test.each([',', ';', '\t', '|'])('the delimiter "%s" is found', async (by) => {
  expect(await cells([`a${by}b`, `1${by}2`, `3${by}4`].join('\n'))).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', '4'],
  ])
})

test('byte order marks, CRLF, a missing last line end, gzip', async () => {
  const expected = [
    ['a', 'ö'],
    ['1', '2'],
  ]
  expect(await cells('\uFEFFa,ö\r\n1,2')).toEqual(expected)
  expect(await cells(Buffer.from('\uFEFFa,ö\r\n1,2\r\n', 'utf16le'))).toEqual(expected)
  expect(await cells(Buffer.from('a,\xf6\n1,2\n', 'latin1'), { encoding: 'windows-1252' })).toEqual(expected)
  expect(await cells(gzipSync('a,ö\n1,2\n'), {}, 'a.csv.gz')).toEqual(expected)
})

test('line numbers are those of an editor: quoted line ends count, blank lines are left out', async () => {
  const rows = await rowsOf('a,b\n1,"x\ny"\n\n , \n2,z\n')
  expect(rows.map(({ line, cells: found }) => [line, ...found])).toEqual([
    [1, 'a', 'b'],
    [2, '1', 'x\ny'],
    [6, '2', 'z'],
  ])
})

test('a quote that is never closed is a flaw of its row', async () => {
  const rows = await rowsOf('a,b\n1,2\n3,"open\n4,5\n')
  expect(rows.map(({ flaw }) => flaw !== null)).toEqual([false, false, true])
  expect(rows[2]?.flaw).toMatch(/never closed/)
})

test('bytes that are not the encoding are told with the remedy', async () => {
  await expect(rowsOf(Buffer.from('a,\xf6\n', 'latin1'))).rejects.toThrow(/is not UTF-8.*--encoding/)
})

test('a file larger than a chunk comes whole and in order', async () => {
  const lines = Array.from({ length: 40_000 }, (_, at) => `${at},"text ${at}"`)
  const rows = await rowsOf(['n,text', ...lines].join('\n'))
  expect(rows).toHaveLength(40_001)
  expect(rows.every(({ line, cells: [n] }, at) => line === at + 1 && (at === 0 || n === String(at - 1)))).toBe(true)
})
