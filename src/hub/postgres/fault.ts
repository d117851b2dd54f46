// What can be wrong with the hub's database before the first query: one error class, each with a stable code and the sentence that mends it.
// It never carries a password: messages are built from names, paths and PostgreSQL's own words.

export type DatabaseFaultCode =
  | 'database-platform'
  | 'database-account'
  | 'database-directory'
  | 'database-disk-full'
  | 'database-start'
  | 'database-password'
  | 'database-version'
  | 'database-encoding'
  | 'database-url'
  | 'database-unreachable'
  | 'database-role'

/** A fault of the world around the database. `message` = what is wrong, then how to mend it; `mend` alone is the second part. */
export class DatabaseFault extends Error {
  readonly code: DatabaseFaultCode
  readonly mend: string

  constructor(code: DatabaseFaultCode, wrong: string, mend: string, cause?: unknown) {
    super(`${wrong} ${mend}`, cause === undefined ? undefined : { cause })
    this.name = 'DatabaseFault'
    this.code = code
    this.mend = mend
  }
}

/** The `code` of a Node or PostgreSQL error (`ENOSPC`, `28P01` …), or the empty string. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code)
  return ''
}

/** The text of anything thrown. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** An error of the file system or the embedded server while it opens on `directory`, as a fault. A fault passes through, a bug stays one. */
export function openingFault(directory: string, error: unknown): unknown {
  if (error instanceof DatabaseFault) return error
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') return diskFull(directory, error)
  if (/^(?=.*\d)[0-9A-Z]{5}$/.test(code) || code.startsWith('ECONN')) {
    return new DatabaseFault(
      'database-start',
      `The database in ${directory} could not be set up (${wordsOf(error)}).`,
      `Read ${directory}/postgres/postgres.log, then start the hub again.`,
      error,
    )
  }
  if (typeof error !== 'object' || error === null || !('syscall' in error)) return error
  return new DatabaseFault(
    'database-directory',
    `The data directory ${directory} can't be used (${wordsOf(error)}).`,
    'Give a directory that this user may create and write, on a local disk.',
    error,
  )
}

/** What PostgreSQL (or initdb) wrote before it gave up, as a fault. `words` is the end of its stderr, in English. */
export function serverFault(directory: string, program: string, words: string): DatabaseFault {
  if (/No space left on device|Disk quota exceeded|Check free disk space/.test(words)) return diskFull(directory)
  if (/error while loading shared libraries|Library not loaded/.test(words)) {
    return new DatabaseFault(
      'database-platform',
      `${program} doesn't find its libraries: ${lastLines(words)}.`,
      'Install the packages again (npm ci), or set DATABASE_URL to a PostgreSQL of your own.',
    )
  }
  if (
    /Permission denied|Read-only file system|invalid permissions|wrong ownership|Operation not permitted/.test(words)
  ) {
    return new DatabaseFault(
      'database-directory',
      `${program} may not use ${directory}: ${lastLines(words)}.`,
      'Start the hub as the user that owns this directory, or give the directory to this user (chown -R).',
    )
  }
  return new DatabaseFault(
    'database-start',
    `${program} did not start on ${directory}: ${lastLines(words)}.`,
    `Read ${directory}/postgres.log; nothing was changed or removed.`,
  )
}

function diskFull(directory: string, cause?: unknown): DatabaseFault {
  return new DatabaseFault(
    'database-disk-full',
    `The disk that holds ${directory} is full.`,
    'Free some space (the database needs at least 100 MB to start) and start the hub again; nothing acknowledged was lost.',
    cause,
  )
}

function lastLines(words: string): string {
  const lines = words
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const telling = lines.filter((line) => /FATAL|PANIC|error|Error/.test(line))
  return (telling.length > 0 ? telling : lines).slice(-2).join(' | ').replace(/\.$/, '') || 'it said nothing'
}
