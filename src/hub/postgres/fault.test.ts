// What PostgreSQL 18 really wrote in each case, recorded on a full tmpfs, a read-only directory and an install without its library links.

import { expect, test } from 'vitest'
import { DatabaseFault, openingFault, serverFault } from './fault.ts'

const recorded = [
  ['database-disk-full', 'FATAL:  could not write lock file "postmaster.pid": No space left on device'],
  [
    'database-disk-full',
    'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 9\nHINT:  Check free disk space.\nPANIC:  cannot abort transaction 1',
  ],
  [
    'database-platform',
    'postgres: error while loading shared libraries: libicuuc.so.60: cannot open shared object file',
  ],
  ['database-directory', 'FATAL:  data directory "/x/cluster" has invalid permissions'],
  ['database-directory', 'initdb: error: could not access directory "/x": Permission denied'],
  ['database-start', 'FATAL:  could not map anonymous shared memory: Cannot allocate memory'],
  ['database-start', ''],
] as const

test.each(recorded)('%s is told from: %s', (code, words) => {
  const fault = serverFault('/x', 'postgres', words)
  expect(fault.code).toBe(code)
  expect(fault.message.endsWith(fault.mend)).toBe(true)
  expect(fault.mend).toMatch(/\.$/)
})

test("the system's errors become faults of the directory, and a bug stays a bug", () => {
  const full = openingFault('/x', Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' }))
  const forbidden = openingFault('/x', Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'mkdir' }))
  const bug = new TypeError('undefined is not a function')
  expect(full).toMatchObject({ code: 'database-disk-full' })
  expect(forbidden).toMatchObject({ code: 'database-directory' })
  expect(openingFault('/x', bug)).toBe(bug)
  expect(openingFault('/x', forbidden)).toBe(forbidden)
  expect(full).toBeInstanceOf(DatabaseFault)
})
