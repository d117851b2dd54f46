// The proxy's partitions and counts against a hub of three lines: what is called one-way is, and what didn't happen isn't counted.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chaosProxy, type ChaosProxy } from './chaos-proxy.ts'

let hub: Server
let seen: string[] = []
let proxy: ChaosProxy
beforeEach(async () => {
  seen = []
  hub = createServer((request, response) => {
    seen.push(request.url ?? '')
    response.end('done')
  })
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  // Longer than any test: a partition ends when all heals.
  proxy = await chaosProxy({ port: (hub.address() as AddressInfo).port, seed: 3, longestMs: 600_000 })
})
afterEach(async () => {
  await proxy.stop()
  await new Promise((resolve) => hub.close(resolve))
})

/** What became of a request: the hub's answer, or that its connection was cut. */
function ask(path: string): { result: string | null; readonly over: Promise<unknown> } {
  const asked: { result: string | null; over: Promise<unknown> } = { result: null, over: Promise.resolve() }
  asked.over = fetch(proxy.url + path).then(
    async (response) => (asked.result = await response.text()),
    () => (asked.result = 'cut'),
  )
  return asked
}

test('one way up: all that is sent arrives and is done, nothing comes back, and each such answer is counted', async () => {
  proxy.chaos(1, ['one-way-up'])
  const asked = ['/a', '/b', '/c'].map(ask)
  await expect.poll(() => proxy.fired.get('one-way-up')).toBe(3)
  expect([...seen].sort()).toEqual(['/a', '/b', '/c'])
  expect(asked.map(({ result }) => result)).toEqual([null, null, null])
  proxy.chaos(0)
  await Promise.all(asked.map(({ over }) => over))
  for (const { result } of asked) expect(['done', 'cut']).toContain(result)
  const after = ask('/d')
  await after.over
  expect(after.result).toBe('done')
})

test('one way down: connections are taken and nothing reaches the hub until all heals', async () => {
  proxy.chaos(1, ['one-way-down'])
  const asked = ['/a', '/b', '/c'].map(ask)
  await expect.poll(() => proxy.fired.get('one-way-down')).toBe(3)
  expect(seen).toEqual([])
  proxy.chaos(0)
  await Promise.all(asked.map(({ over }) => over))
  // Late is late: what is answered was done, and what was cut was not.
  expect(seen).toHaveLength(asked.filter(({ result }) => result === 'done').length)
})

test('a fate counts where it came to pass: a request that another one overtook, a copy that was answered too', async () => {
  proxy.chaos(1, ['reorder'], '/slow')
  const slow = ask('/slow')
  await expect.poll(async () => (await ask('/fast').over, proxy.fired.get('reorder'))).toBe(1)
  await slow.over
  expect(seen.indexOf('/slow')).toBeGreaterThan(0)
  proxy.chaos(1, ['duplicate'])
  await ask('/twice').over
  await expect.poll(() => proxy.fired.get('duplicate')).toBe(1)
  expect(seen.filter((path) => path === '/twice')).toHaveLength(2)
})
