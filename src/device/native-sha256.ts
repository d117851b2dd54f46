// Lets Node's own SHA-256 stand in for the portable one, for whoever imports this file; it is checked before it is taken.
import { hash } from 'node:crypto'
import { adoptSha256 } from '../kernel/hash.ts'

adoptSha256(
  (content) => hash('sha256', content, 'buffer'),
  (content) => hash('sha256', content, 'hex'),
)
