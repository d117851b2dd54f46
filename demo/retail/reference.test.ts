// Proves the reference against sums done by hand on small files: each row of rules.md's table, each trap of the data, and its independence.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readFileLines, readLines } from './reference-csv.ts'
import { deviceOf, fnv1a32, isElsewhere } from './reference-split.ts'
import { refer } from './reference.ts'
import type { RetailResult } from './result.ts'

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
type Row = {
  no: string
  code: string
  quantity: number
  price: string
  customer?: string
  country?: string
  at?: string
}
const toLine = ({
  no,
  code,
  quantity,
  at = '2011-03-31 23:59:00',
  price,
  customer = '',
  country = 'France',
}: Row): string => [no, code, 'text', quantity, at, price, customer, country].join(',')
const toCsv = (rows: Row[], end = '\n'): string => [header, ...rows.map(toLine)].join(end) + end
const referCsv = (csv: string, devices = 1): Promise<RetailResult> => refer(readLines(Readable.from([csv])), devices)
const referRows = (rows: Row[], devices = 1): Promise<RetailResult> => referCsv(toCsv(rows), devices)
const goods = (no: string, quantity: number, price: string, customer = '12347.0', code = '22423'): Row => ({
  no,
  code,
  quantity,
  price,
  customer,
})

/** What one invoice of these lines comes to, in the sections that show its class. */
async function bookOf(rows: Row[]): Promise<object> {
  const { sections } = await referRows(rows)
  return {
    documents: sections.documentsByClass,
    lines: sections.linesByClass,
    stock: sections.stockMovement,
    ledger: sections.trialBalance,
  }
}

describe('each row of the table', () => {
  test('a number that begins with A is a bad-debt journal against the receivable, even with price 0 or goods', async () => {
    const { sections } = await referRows([{ no: 'A563186', code: 'B', quantity: 1, price: '-11062.06' }])
    expect(sections.trialBalance).toEqual({ 'bad-debt': '11062.06', receivable: '-11062.06' })
    expect(sections.receivable).toEqual({ '(none)': '-11062.06' })
    expect(sections.documentsByClass).toEqual({ journal: '1' })
    expect(sections.listed).toEqual({})
    expect(await bookOf([{ no: 'A1', code: '22423', quantity: -4, price: '0' }])).toMatchObject({
      documents: { journal: '1' },
      stock: {},
    })
  })

  test('price 0, no customer, negative: issue; positive: receipt; both on one invoice are two documents', async () => {
    const lost = { no: '1', code: '22423', quantity: -10, price: '0.0' }
    const found = { no: '1', code: '84077', quantity: 3, price: '0.0' }
    expect(await bookOf([lost])).toEqual({
      documents: { 'stock-issue': '1' },
      lines: { 'stock-issue': '1' },
      stock: { '22423': '-10' },
      ledger: {},
    })
    expect(await bookOf([found])).toMatchObject({ documents: { 'stock-receipt': '1' }, stock: { '84077': '3' } })
    expect(await bookOf([lost, found])).toMatchObject({
      documents: { 'stock-issue': '1', 'stock-receipt': '1' },
      stock: { '22423': '-10', '84077': '3' },
    })
  })

  test('a stock correction on a code that is not stock is listed and not booked', async () => {
    const { sections } = await referRows([
      { no: '1', code: 'POST', quantity: 1000, price: '0' },
      { no: '2', code: '22423', quantity: 1, price: '0' },
      { no: '2', code: 'gift_0001_20', quantity: 10, price: '0' },
    ])
    expect(sections.documentsByClass).toEqual({ listed: '1', 'stock-receipt': '1' })
    expect(sections.listed).toEqual({ 'not-stock|POST': '1', 'not-stock|GIFT_0001_20': '1' })
    expect(sections.exceptions).toEqual({ LISTED_NOT_STOCK: '2' })
    expect(sections.quantityByMonth).toMatchObject({ '2011-03|France|listed': '1010' })
  })

  test('a customer, or one priced line, makes price 0 a free line of a sale', async () => {
    expect(await bookOf([goods('1', 16, '0')])).toEqual({
      documents: { sale: '1' },
      lines: { free: '1' },
      stock: { '22423': '-16' },
      ledger: {},
    })
    expect(await bookOf([goods('1', 2, '0', ''), goods('1', 1, '5', '', '84077')])).toEqual({
      documents: { sale: '1' },
      lines: { free: '1', sale: '1' },
      stock: { '22423': '-2', '84077': '-1' },
      ledger: { sales: '-5.00', 'web-payments': '5.00' },
    })
  })

  test('a sale goes to the receivable with a customer, to web payments without; a cancellation mirrors it', async () => {
    expect(await bookOf([goods('1', 3, '1.25')])).toMatchObject({
      stock: { '22423': '-3' },
      ledger: { sales: '-3.75', receivable: '3.75' },
    })
    expect(await bookOf([goods('C1', -3, '1.25')])).toMatchObject({
      documents: { return: '1' },
      stock: { '22423': '3' },
      ledger: { 'sales-returns': '3.75', receivable: '-3.75' },
    })
    expect(await bookOf([goods('C1', -3, '1.25', '')])).toMatchObject({
      ledger: { 'sales-returns': '3.75', 'web-payments': '-3.75' },
    })
  })

  test.each([
    ['POST', 'carriage', 'carriage-income'],
    ['DOT', 'carriage', 'carriage-income'],
    ['C2', 'carriage', 'carriage-income'],
    ['23444', 'carriage', 'carriage-income'],
    ['m', 'adjustment', 'sales-adjustments'],
    ['D', 'discount', 'discounts'],
    ['S', 'sample', 'samples'],
    ['gift_0001_50', 'voucher', 'voucher-liability'],
    ['22016', 'voucher', 'voucher-liability'],
  ])('%s is %s of a sale or return and moves no stock', async (code, lineClass, account) => {
    const base = { code, price: '2.50', customer: '12347.0' }
    expect(await bookOf([{ ...base, no: '1', quantity: 2 }])).toEqual({
      documents: { sale: '1' },
      lines: { [lineClass]: '1' },
      stock: {},
      ledger: { [account]: '-5.00', receivable: '5.00' },
    })
    expect(await bookOf([{ ...base, no: 'C1', quantity: -2 }])).toMatchObject({
      documents: { return: '1' },
      ledger: { [account]: '5.00', receivable: '-5.00' },
    })
  })

  test.each(['AMAZONFEE', 'BANK CHARGES', 'CRUK'])(
    '%s is an expense on C or without customer, else a service recharged',
    async (code) => {
      const fee = { code, price: '10.00' }
      expect(await bookOf([{ ...fee, no: 'C1', quantity: -1 }])).toEqual({
        documents: { expense: '1' },
        lines: { expense: '1' },
        stock: {},
        ledger: { fees: '10.00', 'web-payments': '-10.00' },
      })
      expect(await bookOf([{ ...fee, no: '1', quantity: 1 }])).toMatchObject({
        documents: { expense: '1' },
        ledger: { fees: '-10.00', 'web-payments': '10.00' },
      })
      expect(await bookOf([{ ...fee, no: 'C1', quantity: -1, customer: '14096.0' }])).toMatchObject({
        ledger: { fees: '10.00', receivable: '-10.00' },
      })
      expect(await bookOf([{ ...fee, no: '1', quantity: 1, customer: '14096.0' }])).toMatchObject({
        documents: { sale: '1' },
        ledger: { 'other-income': '-10.00', receivable: '10.00' },
      })
    },
  )

  test('a fee beside goods is a document of its own', async () => {
    const rows = [goods('C1', -1, '4'), { ...goods('C1', -1, '2'), code: 'CRUK' }]
    expect(await bookOf(rows)).toMatchObject({
      documents: { expense: '1', return: '1' },
      ledger: { fees: '2.00', 'sales-returns': '4.00', receivable: '-6.00' },
    })
  })

  test('unknown codes that begin with a letter are goods and listed; 85123A is not unknown', async () => {
    const { sections } = await referRows([
      { no: '1', code: 'DCGSSBOY', quantity: 2, price: '3.29' },
      { no: '1', code: 'PADS', quantity: 1, price: '0' },
      { no: '2', code: 'dcgs0003', quantity: -4, price: '0' },
      { no: '3', code: '85123A', quantity: 1, price: '1' },
    ])
    expect(sections.listed).toEqual({
      'unknown-code|DCGS0003': '1',
      'unknown-code|DCGSSBOY': '1',
      'unknown-code|PADS': '1',
    })
    expect(sections.exceptions).toEqual({ LISTED_UNKNOWN_CODE: '3' })
    expect(sections.stockMovement).toEqual({ '85123A': '-1', DCGS0003: '-4', DCGSSBOY: '-2', PADS: '-1' })
  })
})

describe('traps of the data', () => {
  test('an invoice in two runs is one document, of the place, customer and date of its first line', async () => {
    const { sections } = await referRows([
      { ...goods('542806', 1, '1.00'), at: '2011-03-31 23:59:00', country: 'Cyprus' },
      { ...goods('542807', 1, '1.00'), at: '2011-04-01 00:00:00' },
      { ...goods('542806', 2, '2.00', '99999.0'), at: '2011-04-01 00:01:00' },
    ])
    expect(sections.documentsByClass).toEqual({ sale: '2' })
    expect(sections.valueByMonth).toEqual({ '2011-03|Cyprus|sale': '5.00', '2011-04|France|sale': '1.00' })
    expect(sections.receivable).toEqual({ '12347': '6.00' })
  })

  test('exact repeats are real lines, two prices of one code stand, and codes ignore case', async () => {
    const { sections } = await referRows([
      goods('1', 1, '1.10', '', '85123A'),
      goods('1', 1, '1.10', '', '85123A'),
      goods('1', 1, '9.99', '', '85123a'),
    ])
    expect(sections.linesByClass).toEqual({ sale: '3' })
    expect(sections.stockMovement).toEqual({ '85123A': '-3' })
    expect(sections.trialBalance).toEqual({ sales: '-12.19', 'web-payments': '12.19' })
  })

  test('each line rounds by itself, half away from zero, with prices of three decimals', async () => {
    const { sections } = await referRows([
      goods('1', 1, '0.001'),
      goods('1', 5, '0.001'),
      goods('1', 3, '0.125'),
      goods('C2', -3, '0.125'),
      goods('C2', -1, '0.005'),
    ])
    expect(sections.trialBalance).toEqual({ sales: '-0.39', 'sales-returns': '0.39' })
    expect(sections.valueByMonth).toEqual({ '2011-03|France|return': '-0.39', '2011-03|France|sale': '0.39' })
  })

  test('amounts beyond a float stay exact', async () => {
    const { sections } = await referRows([goods('1', 90071992547410, '90071992547409.93'), goods('1', 1, '0.01')])
    expect(sections.receivable['12347']).toBe(
      (9007199254740993n * 90071992547410n + 1n).toString().replace(/(..)$/, '.$1'),
    )
  })

  test('opening stock is the lowest balance after a whole document, in the order of first lines', async () => {
    const { sections } = await referRows([
      goods('1', 5, '1'),
      { no: '2', code: '22423', quantity: 20, price: '0' },
      goods('3', 12, '1', '12347.0', '84077'),
      goods('1', 4, '1'),
      goods('C4', -12, '1', '12347.0', '84077'),
      goods('5', 13, '1', '12347.0', '84077'),
      { no: '6', code: '10002', quantity: 7, price: '0' },
      goods('7', 7, '1', '', '10002'),
    ])
    // 22423: −9 (both runs of invoice 1) then +20. 84077: −12, 0, −13. 10002 never falls below zero.
    expect(sections.openingStock).toEqual({ '22423': '9', '84077': '13' })
    expect(sections.stockMovement).toEqual({ '22423': '11', '84077': '-13' })
  })

  test('a price that is wrong names its row', async () => {
    await expect(referRows([goods('1', 1, '1'), goods('2', 1, 'two')])).rejects.toThrow(
      'Row 3: UnitPrice "two" is not a decimal',
    )
    await expect(referCsv('InvoiceNo,StockCode\n')).rejects.toThrow('column "Quantity" is missing')
    await expect(referCsv(`${header}\n1,22423,text,1\n`)).rejects.toThrow(
      'Row 2: 4 fields where the first row names 8.',
    )
    await expect(referCsv(`${header}\n1,22423,"never closed`)).rejects.toThrow('Row 2: a quoted field is never closed')
    await expect(referCsv('')).rejects.toThrow('The file is empty')
    await expect(referRows([], 0)).rejects.toThrow('give a whole number from 1')
  })
})

describe('returns', () => {
  const links = async (rows: Row[]): Promise<object> => (await referRows(rows)).sections.returnLinks

  test('link to an earlier line of the same customer, item and price, codes ignoring case', async () => {
    expect(await links([goods('1', 5, '1.00', '1', '85123A'), goods('C2', -5, '1', '1.0', '85123a')])).toEqual({
      linked: '5',
    })
    expect(await links([goods('1', 5, '1.00'), goods('C2', -5, '1.01')])).toEqual({ unlinked: '5' })
    expect(await links([goods('1', 5, '1.00'), goods('C2', -5, '1.00', '12348.0')])).toEqual({ unlinked: '5' })
    expect(await links([goods('C1', -5, '1.00'), goods('2', 5, '1.00')])).toEqual({ unlinked: '5' })
    expect(await links([goods('1', 5, '1.00', ''), goods('C2', -5, '1.00', '')])).toEqual({ unlinked: '5' })
  })

  test('link as a whole to one line, the latest with enough left, and never give back more than was sold', async () => {
    expect(await links([goods('1', 5, '1'), goods('2', 5, '1'), goods('C3', -6, '1')])).toEqual({ unlinked: '6' })
    expect(
      await links([
        goods('1', 5, '1'),
        goods('2', 3, '1'),
        goods('C3', -2, '1'),
        goods('C4', -5, '1'),
        goods('C5', -2, '1'),
      ]),
    ).toEqual({ linked: '7', unlinked: '2' })
    expect(await links([goods('1', 5, '1'), goods('2', 3, '1'), goods('C3', -3, '1'), goods('C4', -5, '1')])).toEqual({
      linked: '8',
    })
  })

  test('each unlinked line is one RETURN_UNLINKED, and the notes say why', async () => {
    const result = await referRows([
      goods('1', 1, '1'),
      goods('C2', -2, '1'),
      goods('C3', -1, '7'),
      goods('C4', -1, '1', ''),
    ])
    expect(result.sections.exceptions).toEqual({ RETURN_UNLINKED: '3' })
    expect(result.notes).toMatchObject({
      'return lines unlinked: no-customer': '1',
      'return lines unlinked: no-earlier-sale': '1',
      'return lines unlinked: too-little-left': '1',
    })
  })
})

describe('devices', () => {
  test('the hash is FNV-1a of 32 bits over UTF-8', () => {
    expect([fnv1a32(''), fnv1a32('a'), fnv1a32('foobar'), fnv1a32('é')]).toEqual([
      0x811c9dc5, 0xe40c292c, 0xbf9cf968, 0x1e9de8c1,
    ])
  })

  test('a customer keeps one device but for about one invoice in a hundred, which goes to the next', () => {
    const numbers = Array.from({ length: 20_000 }, (_, n) => String(500_000 + n))
    const elsewhere = numbers.filter(isElsewhere)
    expect(elsewhere.length).toBeGreaterThan(140)
    expect(elsewhere.length).toBeLessThan(260)
    const home = fnv1a32('12347') % 4
    for (const number of numbers) {
      expect(deviceOf({ number, customer: '12347' }, 4)).toBe(isElsewhere(number) ? (home + 1) % 4 : home)
    }
    expect(deviceOf({ number: '536544', customer: '' }, 4)).toBe(fnv1a32('536544') % 4)
  })

  test('shares add up to the whole', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => goods(String(1000 + n), n + 1, '1.01', `${12_300 + n}.0`))
    const { sections } = await referRows(rows, 3)
    const total = (section: Readonly<Record<string, string>>): number =>
      Object.values(section).reduce((sum, value) => sum + Number(value), 0)
    expect(Object.keys(sections.deviceStock)).toEqual(['device-01', 'device-02', 'device-03'])
    expect(total(sections.deviceDocuments)).toBe(60)
    expect(total(sections.deviceStock)).toBe(-1830)
    expect(total(sections.deviceValue)).toBeCloseTo(1848.3, 6)
    expect(total(sections.deviceTender)).toBeCloseTo(1848.3, 6)
  })
})

describe('reading', () => {
  const awkward =
    `\uFEFF${header}\r\n` +
    '1,22423,"HEART, ""RED""\r\nSECOND LINE",2,2011-03-31 10:00:00,1.50,12347.0,"Côte, d\'Ivoire"\r\n' +
    '\r\n2, 84077 ,,1,2011-03-31 10:00:00,2,,"France"'

  test('quoted commas, quotes and line ends, CRLF, a byte-order mark, blank rows and no last line end, in chunks of any size', async () => {
    const whole = await referCsv(awkward)
    expect(whole.sections.valueByMonth).toEqual({
      "2011-03|Côte, d'Ivoire|sale": '3.00',
      '2011-03|France|sale': '2.00',
    })
    expect(whole.sections.stockMovement).toEqual({ '22423': '-2', '84077': '-1' })
    for (const size of [1, 2, 7]) {
      const chunks = awkward.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      expect(await refer(readLines(Readable.from(chunks)), 1)).toEqual(whole)
    }
  })

  test('a plain file and a compressed one read the same; a missing or broken one says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'retail-'))
    try {
      writeFileSync(join(folder, 'a.csv'), awkward)
      writeFileSync(join(folder, 'a.csv.gz'), gzipSync(awkward))
      writeFileSync(join(folder, 'b.csv.gz'), awkward)
      const plain = await refer(readFileLines(join(folder, 'a.csv')), 2)
      expect(await refer(readFileLines(join(folder, 'a.csv.gz')), 2)).toEqual(plain)
      await expect(refer(readFileLines(join(folder, 'none.csv.gz')), 2)).rejects.toThrow('no such file')
      await expect(refer(readFileLines(join(folder, 'b.csv.gz')), 2)).rejects.toThrow('header')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

test('the reference imports only Node and its own folder files', () => {
  const own = new URL('.', import.meta.url)
  const files = readdirSync(own).filter(
    (name) => /^(reference.*|decimal|result|compare)\.ts$/.test(name) && !name.endsWith('.test.ts'),
  )
  expect(files.length).toBeGreaterThan(6)
  const allowed = /^(node:[a-z_/]+|\.\/(reference[a-z-]*|decimal|result)\.ts)$/
  for (const name of files) {
    const sources = [...readFileSync(new URL(name, own), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
      (match) => match[1],
    )
    expect({ name, foreign: sources.filter((source) => !allowed.test(source ?? '')) }).toEqual({ name, foreign: [] })
  }
})
