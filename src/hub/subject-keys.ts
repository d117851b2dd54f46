// A key for each person whose values the hub keeps, in a file of its own beside the hub's key and outside of the database: a backup of the
// database alone tells nothing of what was said about people in commands, and one from before an erasure never will again. It must be
// backed up by itself, and only its newest copy kept.
//
// ["k", tenant, subject, key] is a key · ["x", tenant, subject, table] says that it was destroyed. Destroying writes the file anew.
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ErasedPerson, SubjectKeys } from '../sync/hub/subjects.ts'

const [KEY_BYTES, IV_BYTES, TAG_BYTES] = [32, 12, 16]

type Line = readonly ['k', string, string, string] | readonly ['x', string, string, string]

/** The file as it was last read: another process of this hub may have written to it since. */
interface Known {
  readonly keys: Map<string, Buffer>
  readonly destroyed: Map<string, ErasedPerson & { readonly tenant: string }>
  readonly stand: string
}

const nameOf = (tenant: string, subject: string): string => JSON.stringify([tenant, subject])
const textOf = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** Where the lines lie. */
export interface KeyFile {
  /** Changes with every change of the content; empty: there is none. */
  stand(): string
  read(): string
  /**
   * Durable when it returns, as `replace` is, which leaves the old content or the new one whatever happens. Returns the stand of what was
   * there at `behind` and the text; null when somebody else has written too.
   */
  append(text: string, behind: string): string | null
  replace(text: string): void
}

export class KeyRing implements SubjectKeys {
  private readonly file: KeyFile
  private known: Known | null = null

  constructor(file: KeyFile) {
    this.file = file
  }

  private read(): Known {
    const stand = this.file.stand()
    if (this.known?.stand === stand) return this.known
    const known: Known = { keys: new Map(), destroyed: new Map(), stand }
    const text = stand === '' ? '' : this.file.read()
    for (const line of text.split('\n')) {
      // What a crash cut off was durable for nobody: its value was never written.
      if (!line.endsWith(']')) continue
      const [kind, tenant, subject, rest] = JSON.parse(line) as Line
      if (kind === 'k') known.keys.set(nameOf(tenant, subject), Buffer.from(rest, 'base64url'))
      else known.destroyed.set(nameOf(tenant, subject), { tenant, subject, table: rest })
    }
    return (this.known = known)
  }

  /** Callers hold the tenant's lock, so that no other process makes a key for the same person. */
  private keysFor(tenant: string, subjects: ReadonlySet<string>): Known {
    const known = this.read()
    const fresh: Line[] = []
    for (const subject of subjects)
      if (!known.keys.has(nameOf(tenant, subject)) && !known.destroyed.has(nameOf(tenant, subject)))
        fresh.push(['k', tenant, subject, randomBytes(KEY_BYTES).toString('base64url')])
    if (fresh.length === 0) return known
    // A line that a crash cut off ends here.
    const stand = this.file.append(`\n${textOf(fresh)}`, known.stand)
    if (stand === null) return this.read()
    // Nothing else came: reading it all again for each new person is what a hub of many has no time for behind the tenant's lock.
    for (const [, , subject, key] of fresh) known.keys.set(nameOf(tenant, subject), Buffer.from(key, 'base64url'))
    return (this.known = { ...known, stand })
  }

  async seal(tenant: string, values: readonly { subject: string; plain: string }[]): Promise<string[]> {
    const { keys } = this.keysFor(tenant, new Set(values.map(({ subject }) => subject)))
    return values.map(({ subject, plain }) => {
      const iv = randomBytes(IV_BYTES)
      // Of somebody whose key was destroyed nobody reads anything again.
      const key = keys.get(nameOf(tenant, subject)) ?? randomBytes(KEY_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    })
  }

  async open(tenant: string, values: readonly { subject: string; sealed: string }[]): Promise<(string | null)[]> {
    const { keys } = this.read()
    return values.map(({ subject, sealed }) => {
      const key = keys.get(nameOf(tenant, subject))
      const bytes = Buffer.from(sealed, 'base64url')
      if (key === undefined || bytes.length < IV_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      try {
        return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        // Made under another key of the same person: a key store that was lost and begun anew.
        return null
      }
    })
  }

  async destroy(tenant: string, people: readonly ErasedPerson[]): Promise<void> {
    const { keys, destroyed } = this.read()
    for (const { subject, table } of people) {
      keys.delete(nameOf(tenant, subject))
      destroyed.set(nameOf(tenant, subject), { tenant, subject, table })
    }
    const lines: Line[] = [
      ...[...keys].map(([name, key]): Line => {
        const [of, subject] = JSON.parse(name) as [string, string]
        return ['k', of, subject, key.toString('base64url')]
      }),
      ...[...destroyed.values()].map((each): Line => ['x', each.tenant, each.subject, each.table]),
    ]
    this.file.replace(textOf(lines))
    this.known = null
  }

  async destroyed(tenant: string): Promise<readonly ErasedPerson[]> {
    return [...this.read().destroyed.values()].filter((each) => each.tenant === tenant)
  }
}

/** In the hub's data folder, readable by nobody else. */
export function keyFileIn(directory: string): KeyFile {
  const path = join(directory, 'subject-keys')
  return {
    stand() {
      return existsSync(path) ? standOf(statSync(path)) : ''
    },
    read: () => readFileSync(path, 'utf8'),
    append(text, behind) {
      const isNew = !existsSync(path)
      const { ino, size } = writeDurably(path, text)
      if (isNew) syncDirectory(directory)
      const before = size - Buffer.byteLength(text)
      return standOf({ ino, size: before }) === behind ? standOf({ ino, size }) : null
    },
    replace(text) {
      const draft = `${path}.${randomUUID()}`
      writeDurably(draft, text)
      renameSync(draft, path)
      syncDirectory(directory)
    },
  }
}

/** An empty file says as little as none. */
const standOf = ({ ino, size }: { readonly ino: number; readonly size: number }): string =>
  size === 0 ? '' : `${ino}/${size}`

/** How the file is then. */
function writeDurably(path: string, text: string): { readonly ino: number; readonly size: number } {
  const file = openSync(path, 'a', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
    return fstatSync(file)
  } finally {
    closeSync(file)
  }
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
