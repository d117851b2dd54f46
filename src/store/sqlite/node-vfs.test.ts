// A real process on real files, killed without warning in the middle of its work: what it had reported as stored is there, its lock is
// taken over, and no order is half there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { DirectoryInUseError } from './node-lock.ts'
import { openNodeDatabase } from './node-vfs.ts'

const key = new Uint8Array(32).fill(5)

/** Stores orders for ever and says the number of each one after its transaction returned. */
const writer = (directory: string) => `
import { writeSync } from 'node:fs'
import { openNodeDatabase } from ${JSON.stringify(new URL('node-vfs.ts', import.meta.url).href)}
const sqlite = await openNodeDatabase({ directory: ${JSON.stringify(directory)}, name: 'device.db', key: new Uint8Array(32).fill(5) })
sqlite.exec('CREATE TABLE IF NOT EXISTS line (number INTEGER NOT NULL, text TEXT NOT NULL)')
for (let number = sqlite.get('SELECT coalesce(max(number), 0) AS last FROM line').last + 1; ; number++) {
  sqlite.transaction(() => { for (let row = 0; row < 9; row++) sqlite.run('INSERT INTO line VALUES (?, ?)', [number, 'x'.repeat(300)]) })
  writeSync(1, number + '\\n')
}`

test('three kills lose nothing that was reported, and leave no half order', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-kill-'))
  let reported = 0
  for (const orders of [40, 400, 900]) {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', writer(directory)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    const killAfter = reported + orders
    for await (const line of createInterface(child.stdout)) {
      reported = Number(line)
      if (reported === killAfter) {
        await expect(openNodeDatabase({ directory, name: 'device.db', key })).rejects.toThrow(DirectoryInUseError)
        child.kill('SIGKILL')
      }
    }
    await ended
    expect(reported).toBeGreaterThanOrEqual(killAfter)

    const sqlite = await openNodeDatabase({ directory, name: 'device.db', key })
    expect(sqlite.get('SELECT count(DISTINCT number) AS orders FROM line WHERE number <= ?', [reported])).toEqual({
      orders: reported,
    })
    expect(sqlite.all('SELECT number FROM line GROUP BY number HAVING count(*) <> 9')).toEqual([])
    expect(sqlite.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
    sqlite.close()
  }
  rmSync(directory, { recursive: true })
}, 60_000)
