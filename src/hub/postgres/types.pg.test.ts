// Reads each type back from a real server through a pool, and shows that the process-wide settings of `pg` stay as they were.

import { Pool, types } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../testing/fresh-database.ts'
import type { FreshDatabase } from '../../testing/fresh-database.ts'

let database: FreshDatabase
let pool: Pool
beforeAll(async () => {
  database = await freshDatabase()
  pool = new Pool(database.app)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

test('int8, int8[] and date come as exact numbers and plain text', async () => {
  const { rows } =
    await pool.query(`SELECT 9007199254740991::int8 AS most, -9007199254740991::int8 AS least, ARRAY[1, NULL, -3]::int8[] AS list,
    count(*) AS count, '2026-02-29'::text AS text, '2024-02-29'::date AS day, 1.10::numeric AS numeric, true AS yes, '{"a":[1]}'::jsonb AS json`)
  expect(rows[0]).toEqual({
    most: 9007199254740991,
    least: -9007199254740991,
    list: [1, null, -3],
    count: 1,
    text: '2026-02-29',
    day: '2024-02-29',
    numeric: '1.10',
    yes: true,
    json: { a: [1] },
  })
})

test('an integer beyond 2^53 - 1 is an error, never a rounded number, and the pool goes on', async () => {
  await expect(pool.query('SELECT 9007199254740992::int8 AS n')).rejects.toThrow(/9007199254740992.*exactly/)
  await expect(pool.query('SELECT ARRAY[-9007199254740992]::int8[] AS n')).rejects.toThrow(RangeError)
  expect((await pool.query('SELECT 1::int8 AS n')).rows).toEqual([{ n: 1 }])
})

test('the global parser of pg is not ours', () => {
  const parse = types.getTypeParser(types.builtins.INT8)
  expect(parse('1')).toBe('1')
})
