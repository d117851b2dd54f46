// The hub's own tables beside the business ones: the tenant's clock, devices, leases, the command log with its seals,
// personal values beside it, and the buckets. Every one leads with the tenant. The log is append-only for the app's role.
import type { Catalogue } from '../../kernel/catalogue.ts'
import { ddlOf, rowSecurity } from '../../store/postgres/hub-tables.ts'

const TEXT = 'text COLLATE "C"'

const tables: Readonly<Record<string, string>> = {
  tenant_clock: `tenant_id ${TEXT} PRIMARY KEY, seq bigint NOT NULL`,
  device: `tenant_id ${TEXT} NOT NULL, dev ${TEXT} NOT NULL, ep bigint NOT NULL, user_id ${TEXT} NOT NULL, public_key jsonb NOT NULL,
    certificate ${TEXT} NOT NULL, last_seq bigint NOT NULL DEFAULT 0, last_seal ${TEXT} NOT NULL, state ${TEXT} NOT NULL DEFAULT 'active',
    enrolled_at bigint NOT NULL, seen_at bigint, reported_at bigint NOT NULL DEFAULT 0, series jsonb NOT NULL DEFAULT '{}', revoked_at bigint, is_lost boolean NOT NULL DEFAULT false, PRIMARY KEY (tenant_id, dev, ep)`,
  lease: `tenant_id ${TEXT} NOT NULL, hash ${TEXT} NOT NULL, dev ${TEXT} NOT NULL, ep bigint NOT NULL, user_id ${TEXT} NOT NULL, body jsonb NOT NULL,
    jws ${TEXT} NOT NULL, issued_at bigint NOT NULL, PRIMARY KEY (tenant_id, hash)`,
  account: `tenant_id ${TEXT} NOT NULL, user_id ${TEXT} NOT NULL, sign_in ${TEXT} NOT NULL, password_hash ${TEXT} NOT NULL, revoked_at bigint,
    PRIMARY KEY (tenant_id, user_id)`,
  enrolment_code: `tenant_id ${TEXT} NOT NULL, code_hash ${TEXT} NOT NULL, user_id ${TEXT}, expires_at bigint NOT NULL, tries bigint NOT NULL DEFAULT 0,
    used_at bigint, PRIMARY KEY (tenant_id, code_hash)`,
  command_log: `tenant_id ${TEXT} NOT NULL, dev ${TEXT} NOT NULL, ep bigint NOT NULL, seq bigint NOT NULL, at bigint NOT NULL, type ${TEXT} NOT NULL,
    seal ${TEXT} NOT NULL, prev ${TEXT} NOT NULL, line ${TEXT} NOT NULL, outcome ${TEXT} NOT NULL, eff ${TEXT} NOT NULL, reason ${TEXT}, facts jsonb,
    user_id ${TEXT} NOT NULL, captured_at bigint NOT NULL, received_at bigint NOT NULL, origin ${TEXT}, PRIMARY KEY (tenant_id, dev, ep, seq)`,
  command_personal: `tenant_id ${TEXT} NOT NULL, dev ${TEXT} NOT NULL, ep bigint NOT NULL, seq bigint NOT NULL, path ${TEXT} NOT NULL, value jsonb NOT NULL,
    salt ${TEXT} NOT NULL, PRIMARY KEY (tenant_id, dev, ep, seq, path)`,
  // What a life that may push no more brings: kept as it came, until it counts.
  quarantined: `tenant_id ${TEXT} NOT NULL, dev ${TEXT} NOT NULL, ep bigint NOT NULL, seq bigint NOT NULL, seal ${TEXT} NOT NULL, prev ${TEXT} NOT NULL,
    origin ${TEXT} NOT NULL, line ${TEXT} NOT NULL, pd ${TEXT}, missing_pd ${TEXT}, received_at bigint NOT NULL, PRIMARY KEY (tenant_id, dev, ep, seal)`,
  bucket: `tenant_id ${TEXT} NOT NULL, name ${TEXT} NOT NULL, generation bigint NOT NULL, horizon bigint NOT NULL, count bigint NOT NULL,
    sum numeric(20) NOT NULL, PRIMARY KEY (tenant_id, name)`,
  bucket_row: `tenant_id ${TEXT} NOT NULL, bucket ${TEXT} NOT NULL, tbl ${TEXT} NOT NULL, id ${TEXT} NOT NULL, seq bigint NOT NULL, op ${TEXT} NOT NULL,
    hash ${TEXT} NOT NULL, PRIMARY KEY (tenant_id, bucket, tbl, id)`,
  // Ready-made first downloads: made from the rows above and never the only place of anything.
  chunk_set: `tenant_id ${TEXT} NOT NULL, bucket ${TEXT} NOT NULL, w bigint NOT NULL, generation bigint NOT NULL, row_count bigint NOT NULL,
    chunks jsonb NOT NULL, made_at bigint NOT NULL, PRIMARY KEY (tenant_id, bucket, w)`,
  chunk: `tenant_id ${TEXT} NOT NULL, bucket ${TEXT} NOT NULL, w bigint NOT NULL, sha ${TEXT} NOT NULL, content bytea NOT NULL,
    PRIMARY KEY (tenant_id, sha, bucket, w)`,
  // Photos and files: what is kept (its bytes lie in the blob store), who is sending it, what came of it so far, what names it.
  blob: `tenant_id ${TEXT} NOT NULL, sha ${TEXT} NOT NULL, size bigint NOT NULL, type ${TEXT} NOT NULL, state ${TEXT} NOT NULL DEFAULT 'kept',
    kept_at bigint NOT NULL, PRIMARY KEY (tenant_id, sha)`,
  blob_upload: `tenant_id ${TEXT} NOT NULL, dev ${TEXT} NOT NULL, sha ${TEXT} NOT NULL, size bigint NOT NULL, touched_at bigint NOT NULL,
    done_at bigint, PRIMARY KEY (tenant_id, dev, sha)`,
  blob_piece: `tenant_id ${TEXT} NOT NULL, dev ${TEXT} NOT NULL, sha ${TEXT} NOT NULL, at bigint NOT NULL, content bytea NOT NULL,
    PRIMARY KEY (tenant_id, dev, sha, at)`,
  blob_use: `tenant_id ${TEXT} NOT NULL, sha ${TEXT} NOT NULL, tbl ${TEXT} NOT NULL, id ${TEXT} NOT NULL, dev ${TEXT} NOT NULL,
    PRIMARY KEY (tenant_id, sha, tbl, id, dev)`,
}

/** Rows of these are written once: the app's role has no UPDATE or DELETE on them. */
export const APPEND_ONLY = [
  'command_log',
  'kernel_stock_entry',
  'kernel_cash_entry',
  'kernel_party_entry',
  'kernel_gl_entry',
]

/** The whole schema of a hub; safe to run again. `appRole` gets rows' rights and owns nothing. */
export function hubDdl(catalogue: Catalogue, appRole: string): string {
  const statements = [
    // One hub, one incarnation: a restored one gets a new id. Outside tenants, read by every process at start.
    `CREATE TABLE IF NOT EXISTS hub_meta (key ${TEXT} PRIMARY KEY, value ${TEXT} NOT NULL)`,
  ]
  for (const [name, columns] of Object.entries(tables)) {
    statements.push(`CREATE TABLE IF NOT EXISTS ${name} (${columns})`, ...rowSecurity(name))
  }
  statements.push(
    // A column that a later release added.
    'ALTER TABLE tenant_clock ADD COLUMN IF NOT EXISTS schema bigint NOT NULL DEFAULT 1',
    `ALTER TABLE tenant_clock ADD COLUMN IF NOT EXISTS server ${TEXT}`,
    'ALTER TABLE tenant_clock ADD COLUMN IF NOT EXISTS began bigint NOT NULL DEFAULT 0',
    'ALTER TABLE device ADD COLUMN IF NOT EXISTS reported_at bigint NOT NULL DEFAULT 0',
    // Of an earlier release that is null: until its next report a device may hold work under any lease that it was given.
    `ALTER TABLE device ADD COLUMN IF NOT EXISTS reported_lease ${TEXT}`,
    'ALTER TABLE device ADD COLUMN IF NOT EXISTS follows bigint NOT NULL DEFAULT 0',
    'ALTER TABLE device ADD COLUMN IF NOT EXISTS integrity jsonb',
    "ALTER TABLE device ADD COLUMN IF NOT EXISTS aside jsonb NOT NULL DEFAULT '[]'",
    // Of an earlier release, which never wrote it: how far a device has pulled says its next pull.
    'ALTER TABLE device DROP COLUMN IF EXISTS watermark',
    'ALTER TABLE device ADD COLUMN IF NOT EXISTS incidents jsonb',
    'CREATE INDEX IF NOT EXISTS lease__device ON lease (tenant_id, dev, ep, issued_at)',
    // The register of transfers looks at the devices that it is about, and there are few.
    "CREATE INDEX IF NOT EXISTS lease__transfers ON lease (tenant_id, dev) WHERE body ? 'transfers'",
    'CREATE INDEX IF NOT EXISTS bucket_row__seq ON bucket_row (tenant_id, bucket, seq)',
    'CREATE INDEX IF NOT EXISTS command_log__at ON command_log (tenant_id, at)',
    'ALTER TABLE device ADD COLUMN IF NOT EXISTS revoked_at bigint, ADD COLUMN IF NOT EXISTS is_lost boolean NOT NULL DEFAULT false',
    // Whose the value is, which lies there sealed under that person's key; null: as an earlier release kept it.
    `ALTER TABLE command_personal ADD COLUMN IF NOT EXISTS subject ${TEXT}`,
    'CREATE INDEX IF NOT EXISTS command_personal__subject ON command_personal (tenant_id, subject)',
    `ALTER TABLE command_log ADD COLUMN IF NOT EXISTS origin ${TEXT}`,
    // The seal of a line of an earlier life that this one brought: none is ever applied twice.
    'CREATE UNIQUE INDEX IF NOT EXISTS command_log__origin ON command_log (tenant_id, origin) WHERE origin IS NOT NULL',
    'CREATE UNIQUE INDEX IF NOT EXISTS account__sign_in ON account (tenant_id, sign_in)',
  )
  // Stored as it is: it is compressed already, and a part of it can be read alone.
  statements.push('ALTER TABLE chunk ALTER COLUMN content SET STORAGE EXTERNAL')
  statements.push('ALTER TABLE blob_piece ALTER COLUMN content SET STORAGE EXTERNAL')
  for (const table of catalogue.tables.values()) statements.push(ddlOf(table))
  statements.push(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${appRole}`)
  for (const name of APPEND_ONLY) statements.push(`REVOKE UPDATE, DELETE ON ${name} FROM ${appRole}`)
  return `${statements.join(';\n')};`
}
