// Lets Node's own SHA-256 stand in for the portable one, for whoever imports this file; it is checked before it is taken.
import { createHash } from 'node:crypto'
import { adoptSha256 } from '../kernel/hash.ts'

adoptSha256((bytes) => createHash('sha256').update(bytes).digest())
