// The engine against the real build on real files: what goes in comes out exactly, transactions are whole, errors name their kind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sqlite, SqliteValue } from './engine.ts'
import { openNodeDatabase } from './node-vfs.ts'
import { SqliteError } from './sqlite-error.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-engine-'))
let sqlite: Sqlite

beforeAll(async () => {
  sqlite = await openNodeDatabase({ directory, name: 'device.db', key: new Uint8Array(32).fill(1) })
})
beforeEach(() => {
  sqlite.exec('DROP TABLE IF EXISTS item; CREATE TABLE item (id INTEGER PRIMARY KEY, value ANY UNIQUE)')
})
afterAll(() => {
  sqlite.close()
  rmSync(directory, { recursive: true })
})

const longText = 'Grüße an Łódź, 東京 und 🧾 '.repeat(400)
const values: [string, SqliteValue, string][] = [
  ['null', null, 'null'],
  ['zero', 0, 'integer'],
  ['a negative number', -1, 'integer'],
  ['the least 32-bit integer', -(2 ** 31), 'integer'],
  ['just beyond 32 bits', 2 ** 31, 'integer'],
  ['an unsigned 32-bit edge', 2 ** 32, 'integer'],
  ['a negative edge', -(2 ** 32) - 1, 'integer'],
  ['the largest safe integer', Number.MAX_SAFE_INTEGER, 'integer'],
  ['the least safe integer', Number.MIN_SAFE_INTEGER, 'integer'],
  ['an empty text', '', 'text'],
  ['a short text', 'A-17', 'text'],
  ['a text of 33 characters', 'x'.repeat(33), 'text'],
  ['a short text beyond ASCII', 'Grüße 🧾', 'text'],
  ['a long text', longText, 'text'],
  ['a text larger than the arena', 'ß'.repeat(100_000), 'text'],
  ['a text with a zero in it', 'a\0b', 'text'],
  ['a text with a byte order mark', '\uFEFFx'.repeat(20), 'text'],
  ['no bytes', new Uint8Array(), 'blob'],
  ['some bytes', new Uint8Array([0, 1, 254, 255]), 'blob'],
  ['many bytes', new Uint8Array(300_000).fill(9), 'blob'],
]

describe('values', () => {
  test.each(values)('%s is read back as it was written', (_, value, type) => {
    sqlite.run('INSERT INTO item (value) VALUES (?)', [value])
    const row = sqlite.get<{ value: SqliteValue; type: string }>('SELECT value, typeof(value) AS type FROM item')
    expect(row?.type).toBe(type)
    // A large one is compared by bytes: an expectation looks at each element of an array.
    if (value instanceof Uint8Array) expect(Buffer.compare(row?.value as Uint8Array, value)).toBe(0)
    else expect(row?.value).toBe(value)
  })

  test('one statement takes null after a value and a value after null, also after one that it refused and a new schema', () => {
    const given: unknown[] = ['text '.repeat(100), null, null, 7, null, 1.5, null, 'x', null]
    const write = (value: unknown): number => sqlite.run('INSERT INTO item (value) VALUES (?)', [value as SqliteValue])
    for (const value of given)
      if (value === 1.5) expect(() => write(value)).toThrow(TypeError)
      else write(value)
    sqlite.exec('CREATE TABLE beside (id INTEGER PRIMARY KEY)')
    write(null)
    write('y')
    write(null)
    expect(sqlite.all('SELECT value FROM item ORDER BY rowid').map((row) => row['value'])).toEqual([
      ...given.filter((value) => value !== 1.5),
      null,
      'y',
      null,
    ])
  })

  test.each([[1.5], [NaN], [Infinity], [2 ** 53], [true], [undefined], [10n], [new Date(0)]])(
    '%s is refused',
    (value) => {
      expect(() => sqlite.run('INSERT INTO item (value) VALUES (?)', [value as SqliteValue])).toThrow(TypeError)
      expect(sqlite.all('SELECT * FROM item')).toEqual([])
    },
  )

  test('half of a surrogate pair is refused instead of changed', () => {
    expect(() => sqlite.run('INSERT INTO item (value) VALUES (?)', ['receipt \uD83E'])).toThrow(/surrogate/)
  })

  test('an integer beyond 2^53 is refused on reading instead of rounded', () => {
    expect(() => sqlite.get('SELECT 9007199254740993 AS value')).toThrow(RangeError)
    expect(sqlite.get('SELECT -9007199254740991 AS value')).toEqual({ value: -9007199254740991 })
  })

  test('a missing or surplus value is refused', () => {
    expect(() => sqlite.run('INSERT INTO item (value) VALUES (?)')).toThrow(/1 parameters but got 0/)
    expect(() => sqlite.run('INSERT INTO item (value) VALUES (1)', [1])).toThrow(/0 parameters but got 1/)
  })
})

describe('statements', () => {
  test('run tells how many rows changed', () => {
    expect(sqlite.run('INSERT INTO item (value) VALUES (1), (2), (3)')).toBe(3)
    expect(sqlite.run('UPDATE item SET value = value + 10 WHERE value > 1')).toBe(2)
    expect(sqlite.run('DELETE FROM item WHERE value = 99')).toBe(0)
    expect(sqlite.run('CREATE INDEX by_value ON item (value)')).toBe(0)
    expect(sqlite.get('INSERT INTO item (value) VALUES (7) RETURNING id, value')).toEqual({ id: 4, value: 7 })
  })

  test('each visits row by row, ends when told, and may run the same SQL within', () => {
    for (let id = 1; id <= 5; id++) sqlite.run('INSERT INTO item VALUES (?, ?)', [id, `item ${id}`])
    const seen: string[] = []
    const sql = 'SELECT id, value FROM item WHERE value > ? ORDER BY id'
    sqlite.each<{ id: number; value: string }>(sql, ['item 1'], (outer) => {
      sqlite.each<{ id: number }>(sql, ['item 3'], (inner) => void seen.push(`${outer.value}/${inner.id}`))
      return outer.id < 3
    })
    expect(seen).toEqual(['item 2/4', 'item 2/5', 'item 3/4', 'item 3/5'])
  })

  test('a large value of an outer statement outlives an inner one', () => {
    const large = 'l'.repeat(100_000)
    sqlite.run('INSERT INTO item VALUES (1, ?), (2, ?)', [large, 'other'])
    const seen: number[] = []
    sqlite.each<{ id: number }>('SELECT id FROM item WHERE value >= ? ORDER BY id', [large], ({ id }) => {
      sqlite.get('SELECT ? AS value', ['m'.repeat(200_000)])
      seen.push(id)
    })
    expect(seen).toEqual([1, 2])
  })

  test('more statements than the cache holds, and a schema that changes under them', () => {
    for (let n = 0; n < 600; n++) expect(sqlite.get(`SELECT ${n} AS n`)).toEqual({ n })
    expect(sqlite.get('SELECT 0 AS n')).toEqual({ n: 0 })
    sqlite.run('INSERT INTO item VALUES (1, 2)')
    expect(sqlite.get('SELECT * FROM item')).toEqual({ id: 1, value: 2 })
    sqlite.exec('ALTER TABLE item RENAME COLUMN value TO amount')
    expect(sqlite.get('SELECT * FROM item')).toEqual({ id: 1, amount: 2 })
    sqlite.run('ALTER TABLE item ADD COLUMN note TEXT')
    expect(sqlite.get('SELECT * FROM item')).toEqual({ id: 1, amount: 2, note: null })
  })
})

describe('transactions', () => {
  test('what memory holds goes back with the level that was rolled back, the latest first, and with no other', () => {
    const undone: string[] = []
    const fails = (name: string): void => {
      expect(() =>
        sqlite.transaction(() => {
          sqlite.ifUndone(() => undone.push(name))
          throw new Error('no')
        }),
      ).toThrow('no')
    }
    sqlite.ifUndone(() => undone.push('outside'))
    sqlite.transaction(() => {
      sqlite.ifUndone(() => undone.push('kept'))
      fails('inner')
      expect(undone).toEqual(['inner'])
      sqlite.transaction(() => sqlite.ifUndone(() => undone.push('released and kept')))
    })
    fails('after')
    expect(undone).toEqual(['inner', 'after'])
    expect(() =>
      sqlite.transaction(() => {
        sqlite.ifUndone(() => undone.push('first'))
        sqlite.transaction(() => sqlite.ifUndone(() => undone.push('released')))
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(undone).toEqual(['inner', 'after', 'released', 'first'])
  })

  const count = () => sqlite.get<{ n: number }>('SELECT count(*) AS n FROM item')?.n

  test('commit as a whole, and only then tell the listeners', () => {
    const told: (number | undefined)[] = []
    const stop = sqlite.onCommit(() => void told.push(count()))
    expect(sqlite.transaction(() => sqlite.run('INSERT INTO item (value) VALUES (1), (2)'))).toBe(2)
    stop()
    sqlite.transaction(() => sqlite.run('INSERT INTO item (value) VALUES (3)'))
    expect(told).toEqual([2])
    expect(sqlite.inTransaction).toBe(false)
  })

  test('roll back as a whole when the work throws', () => {
    expect(() =>
      sqlite.transaction(() => {
        sqlite.run('INSERT INTO item (value) VALUES (1)')
        throw new Error('the till is closed')
      }),
    ).toThrow('the till is closed')
    expect(count()).toBe(0)
  })

  test('a nested one rolls back alone', () => {
    sqlite.transaction(() => {
      sqlite.run('INSERT INTO item (value) VALUES (1)')
      expect(() =>
        sqlite.transaction(() => {
          sqlite.run('INSERT INTO item (value) VALUES (2)')
          sqlite.run('INSERT INTO item (value) VALUES (2)')
        }),
      ).toThrow(SqliteError)
      sqlite.transaction(() => sqlite.run('INSERT INTO item (value) VALUES (3)'))
    })
    expect(sqlite.all('SELECT value FROM item ORDER BY value')).toEqual([{ value: 1 }, { value: 3 }])
  })

  test('asynchronous work is refused and undone', () => {
    expect(() => sqlite.transaction(async () => sqlite.run('INSERT INTO item (value) VALUES (1)'))).toThrow(
      /synchronous/,
    )
    expect(count()).toBe(0)
  })

  test('work that swallowed a rollback cannot go on piece by piece', () => {
    expect(() =>
      sqlite.transaction(() => {
        sqlite.run('INSERT INTO item (value) VALUES (1)')
        expect(() => sqlite.run('INSERT OR ROLLBACK INTO item (value) VALUES (1)')).toThrow(SqliteError)
        sqlite.run('INSERT INTO item (value) VALUES (2)')
      }),
    ).toThrow(/rolled back/)
    expect(count()).toBe(0)
    sqlite.transaction(() => sqlite.run('INSERT INTO item (value) VALUES (3)'))
    expect(count()).toBe(1)
  })
})

describe('errors', () => {
  const errorOf = (work: () => unknown): unknown => {
    try {
      work()
    } catch (error) {
      return error
    }
    return undefined
  }

  test('a broken constraint and a wrong statement are told apart, with the SQL and without the values', () => {
    sqlite.run('INSERT INTO item (value) VALUES (?)', ['secret'])
    const broken = errorOf(() => sqlite.run('INSERT INTO item (value) VALUES (?)', ['secret']))
    expect(broken).toMatchObject({
      kind: 'constraint',
      code: 19,
      extendedCode: 2067,
      sql: 'INSERT INTO item (value) VALUES (?)',
    })
    expect(String(broken)).not.toContain('secret')
    expect(errorOf(() => sqlite.run('SELEC 1'))).toMatchObject({ kind: 'statement', code: 1 })
    expect(errorOf(() => sqlite.exec('SELECT 1; SELEC 2'))).toMatchObject({ kind: 'statement' })
    expect(errorOf(() => sqlite.run(''))).toBeInstanceOf(TypeError)
  })

  test('a closed database says so', async () => {
    const other = await openNodeDatabase({
      directory: join(directory, 'other'),
      name: 'device.db',
      key: new Uint8Array(32),
    })
    expect(() => other.transaction(() => other.close())).toThrow(/inside a transaction/)
    other.close()
    other.close()
    expect(() => other.get('SELECT 1')).toThrow(/closed/)
  })
})
