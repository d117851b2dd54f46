// The device's own tables beside the business ones: the outbox, what pending commands touch, the buckets it holds. One
// database, so that a command's effects, its outbox row, its numbers and its seal are one transaction.
import type { Sqlite } from '../../store/sqlite/engine.ts'

export const SYNC_DDL = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, type TEXT NOT NULL, line TEXT NOT NULL, pd TEXT, seal TEXT NOT NULL,
  predicted TEXT NOT NULL, state TEXT NOT NULL, about TEXT NOT NULL, at INTEGER NOT NULL, user TEXT NOT NULL,
  outcome TEXT, commit_at INTEGER, is_settled INTEGER NOT NULL DEFAULT 0, is_acknowledged INTEGER NOT NULL DEFAULT 0, settled_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_unsettled ON outbox (is_settled, seq);
CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, seq);
CREATE TABLE IF NOT EXISTS number_counter (series TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shadow (tbl TEXT NOT NULL, id TEXT NOT NULL, image TEXT, PRIMARY KEY (tbl, id)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS touched (seq INTEGER PRIMARY KEY, page TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS bucket (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL DEFAULT 0, cursor INTEGER NOT NULL DEFAULT 0,
  is_complete INTEGER NOT NULL DEFAULT 0, count INTEGER NOT NULL DEFAULT 0, sum TEXT NOT NULL DEFAULT '0000000000000000'
) STRICT;
CREATE TABLE IF NOT EXISTS bucket_row (bucket INTEGER NOT NULL, tbl TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (tbl, id, bucket)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bucket_row_bucket ON bucket_row (bucket);
CREATE TABLE IF NOT EXISTS set_aside (tbl TEXT NOT NULL, id TEXT NOT NULL, bucket INTEGER NOT NULL, hash TEXT, image TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tbl, id, bucket)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS set_aside_bucket ON set_aside (bucket);
CREATE TABLE IF NOT EXISTS suspect (bucket TEXT PRIMARY KEY, tries INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bootstrap_chunk (
  bucket TEXT NOT NULL, at INTEGER NOT NULL, sha TEXT NOT NULL, bytes INTEGER NOT NULL, rows INTEGER NOT NULL, w INTEGER NOT NULL, generation INTEGER NOT NULL,
  incarnation TEXT NOT NULL, stage INTEGER NOT NULL, is_essential INTEGER NOT NULL, is_applied INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (bucket, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS piece (sha TEXT NOT NULL, at INTEGER NOT NULL, content BLOB NOT NULL, UNIQUE (sha, at)) STRICT;
CREATE TABLE IF NOT EXISTS blob (
  sha TEXT PRIMARY KEY, type TEXT NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0, incarnation TEXT, confirmed_at INTEGER, reason TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS request_answer (key TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL, asked TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lease_held (hash TEXT PRIMARY KEY, jws TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outside_work (seq INTEGER PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS draft (key TEXT PRIMARY KEY, value TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS incident (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS forgotten (subject TEXT PRIMARY KEY, commands INTEGER NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- The book of touches of an older release: an upgrade writes it anew.
DROP TABLE IF EXISTS touch;
DROP TABLE IF EXISTS touch_range;
`

/** Columns that came after the first release: added where an older one made the table. */
const LATER_COLUMNS = [
  ['request_answer', 'asked', 'TEXT'],
  // Whom a command is about, as JSON: by it an erasure finds it. Null: an older release didn't say.
  ['outbox', 'subjects', 'TEXT'],
  // The schema whose tables and columns the bucket's rows were fetched for.
  ['bucket', 'sv', 'INTEGER NOT NULL DEFAULT 1'],
] as const

/** Inside the caller's transaction. */
export function createSyncTables(db: Sqlite): void {
  db.exec(SYNC_DDL)
  for (const [table, column, type] of LATER_COLUMNS)
    if (db.get('SELECT 1 FROM pragma_table_info(?) WHERE name = ?', [table, column]) === undefined)
      db.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`)
}

/** In memory, for a database that couldn't get them: what is asked of them answers nothing, and nothing is kept in them. */
export function standInForSyncTables(db: Sqlite): void {
  for (const [statement, name] of SYNC_DDL.matchAll(/CREATE TABLE IF NOT EXISTS (\w+) [^;]+;/g))
    if (db.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", [name ?? '']) === undefined)
      db.exec(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE'))
}
