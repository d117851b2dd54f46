// Everything that a hub's database holds, as text to look through: for tests of what must be nowhere.
import { gunzipSync } from 'node:zlib'
import type { Client } from 'pg'

/** Every row of every table as PostgreSQL writes it, bytes as hex, and ready-made downloads unpacked. */
export async function hubText(database: Client): Promise<string> {
  const tables = await database.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  )
  const all = tables.rows.map(({ name }) => `SELECT x::text AS t FROM ${name} x`).join(' UNION ALL ')
  const rows = await database.query<{ t: string }>(all)
  const chunks = await database.query<{ content: Buffer }>('SELECT content FROM chunk')
  return [...rows.rows.map(({ t }) => t), ...chunks.rows.map(({ content }) => gunzipSync(content).toString())].join(
    '\n',
  )
}
