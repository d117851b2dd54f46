// What hangs on a network that is gone is given up, and what comes next goes its own way.
import { expect, test } from 'vitest'
import { FetchTransport } from './fetch-transport.ts'

const hello = { method: 'POST', path: '/sync/pull', headers: {}, body: null } as const

/** Answers never, until the request is given up. */
const never = (signal: AbortSignal | null | undefined): Promise<Response> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('given up'))))

test('[SET2] a request that hangs is offline as soon as it is given up, and the next one is answered', async () => {
  let isHanging = true
  const transport = new FetchTransport('http://hub.test', (_, { signal }) =>
    isHanging ? never(signal) : Promise.resolve(Response.json({ well: true })),
  )
  const hanging = transport.send(hello)
  isHanging = false
  transport.giveUp()
  await expect(hanging).rejects.toThrow('given up')
  expect((await transport.send(hello)).text).toBe('{"well":true}')
})

test('[SET2] the line of hints that hangs is opened again', async () => {
  const opened: string[] = []
  const transport = new FetchTransport('http://hub.test', (url, { signal }) => {
    opened.push(url)
    return opened.length === 1
      ? never(signal)
      : Promise.resolve(new Response('data: 7\n\n', { headers: { 'content-type': 'text/event-stream' } }))
  })
  const hinted = new Promise<number>((resolve) => {
    const stop = transport.hints(
      '/sync/hint',
      () => Promise.resolve({}),
      (w) => (stop(), resolve(w)),
    )
  })
  await expect.poll(() => opened).toHaveLength(1)
  transport.giveUp()
  expect(await hinted).toBe(7)
})
