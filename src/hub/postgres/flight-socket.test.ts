// What is written in one turn arrives in one piece and in order, what is large doesn't wait, and nothing stays behind at the end.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FlightSocket } from './flight-socket.ts'

let root: string
let server: Server
let pieces: Buffer[]
let socket: FlightSocket
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-test-'))
  const own: Buffer[] = (pieces = [])
  server = createServer((from) => from.on('data', (piece: Buffer) => own.push(piece)))
  const path = join(root, 's')
  await new Promise<void>((resolve) => server.listen(path, resolve))
  socket = new FlightSocket()
  await new Promise<void>((resolve) => socket.connect(path, resolve))
})
afterEach(() => {
  socket.destroy()
  server.close()
  rmSync(root, { recursive: true, force: true })
})
const arrived = (): string => Buffer.concat(pieces).toString()

const send = (...messages: string[]): void => {
  socket.cork()
  for (const message of messages) socket.write(message)
  socket.uncork()
}

test('statements that are sent in one turn come as one piece', async () => {
  send('parse;', 'bind;')
  await Promise.resolve()
  send('bind;', 'sync;')
  await vi.waitUntil(() => arrived().endsWith('sync;'))
  expect(pieces.map(String)).toEqual(['parse;bind;bind;sync;'])
})

test('what is large leaves before the turn ends', () => {
  send('small;')
  expect(socket.writableCorked).toBe(1)
  send('x'.repeat(40_000))
  expect(socket.writableCorked).toBe(0)
})

test('the last words before the end arrive', async () => {
  send('terminate')
  socket.end()
  await vi.waitUntil(() => arrived() === 'terminate')
})
