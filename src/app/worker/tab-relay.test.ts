// Tabs of different versions of the app over one channel and one lock: the newest has the device, an older one gives way, is told to be
// loaded again, and may still send; it never opens again what a newer one had.
import { expect, test } from 'vitest'
import type { Ask, BetweenTabs, HostEvent, HostState, ToPage } from './calls.ts'
import { TabRelay, type Leading } from './tab-relay.ts'
import { compareVersions } from './tab-version.ts'

/** The browser: a channel among tabs, and a lock that is given in the order it was asked for. */
function aBrowser() {
  const ears = new Map<object, (event: MessageEvent) => void>()
  const queue: (() => Promise<void>)[] = []
  let holder: Promise<void> | null = null
  const grant = (): void => {
    const next = holder === null ? queue.shift() : undefined
    if (next === undefined) return
    holder = next().finally(() => {
      holder = null
      grant()
    })
  }
  const log: string[] = []
  const left: string[] = []
  return {
    log,
    /** What left a worker, in its order: for its page, and for other tabs. */
    left,
    /** Opens a tab; it asks for the lock as the worker does. */
    tab(name: string, version: string | undefined) {
      const said: ToPage[] = []
      const me = {}
      let close: () => void = () => undefined
      const closed = new Promise<void>((resolve) => (close = resolve))
      const channel = {
        postMessage: (message: BetweenTabs) => {
          if ('event' in message || 'answer' in message)
            left.push(`${name} to tabs: ${'event' in message ? message.event.event : 'answer'}`)
          for (const [other, hear] of ears)
            if (other !== me) queueMicrotask(() => hear({ data: message } as MessageEvent))
        },
        addEventListener: (_: string, hear: (event: MessageEvent) => void) => void ears.set(me, hear),
      }
      const state: HostState = { phase: 'open', slots: [], notice: null }
      const makeHost = (emit: (event: HostEvent) => void): Leading => ({
        state,
        key: new Uint8Array([7]),
        begin: async (key) => void log.push(`${name} opens ${key === null ? 'without' : 'with'} the key`),
        answer: async ({ name: asked }: Ask) => {
          if (asked === 'run') emit({ event: 'change', tables: ['pos.sale'] })
          return `${name} answers ${asked}`
        },
        stop: async () => void log.push(`${name} closes`),
      })
      const relay = new TabRelay({
        me: name,
        version: version as string,
        channel: channel as never,
        toPage: (message) => {
          said.push(message)
          if ('id' in message) left.push(`${name} to page: answer`)
        },
        makeHost,
      })
      queue.push(async () => {
        await relay.lead()
        await Promise.race([relay.wayIsFree, closed])
        if (ears.has(me)) return
        log.push(`${name} is gone`)
      })
      grant()
      const events = (): string[] => said.flatMap((message) => ('event' in message ? [message.event] : []))
      let asked = 0
      return {
        events,
        close() {
          ears.delete(me)
          close()
        },
        async ask(ask: Ask): Promise<unknown> {
          const id = `${name} ${(asked += 1)}`
          relay.fromPage({ id, ask })
          await settled()
          const answer = said.find((message) => 'id' in message && message.id === id)
          return answer === undefined
            ? 'no answer'
            : 'value' in answer
              ? answer.value
              : (answer as { fault: { name: string } }).fault.name
        },
      }
    },
  }
}

/** All messages that are under way have arrived, and what they caused. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve()
}
const run: Ask = { name: 'run', input: { command: 'pos.completeSale', args: {}, options: {} } }
const query: Ask = { name: 'query', input: { view: 'pos.sales', args: {} } }
const sync: Ask = { name: 'sync', input: null }
const keep: Ask = { name: 'draftSet', input: { key: 'ticket', value: '{}' } }

test('[VER7] an older tab that has the device gives it to a newer one, is told to load again, and may only send', async () => {
  const browser = aBrowser()
  const old = browser.tab('old', '0.1.0')
  await settled()
  expect(await old.ask(run)).toBe('old answers run')
  const young = browser.tab('new', '0.2.0')
  await settled()
  expect(browser.log).toEqual(['old opens without the key', 'old closes', 'new opens with the key'])
  expect(old.events()).toContain('outdated')
  expect(await young.ask(run)).toBe('new answers run')
  expect(await old.ask(sync)).toBe('new answers sync')
  expect(await old.ask(keep)).toBe('new answers draftSet')
  expect(await old.ask(run)).toBe('OlderTabError')
  expect(await old.ask(query)).toBe('OlderTabError')
})

test('[VER7] an older tab that comes to a newer one begins nothing', async () => {
  const browser = aBrowser()
  const young = browser.tab('new', '0.2.0')
  await settled()
  const old = browser.tab('old', '0.1.9')
  await settled()
  expect(old.events()).toContain('outdated')
  expect(await old.ask(run)).toBe('OlderTabError')
  expect(young.events()).not.toContain('outdated')
  // The newer one goes: what it brought over is not opened by yesterday's app.
  young.close()
  await settled()
  expect(browser.log).toEqual(['new opens without the key', 'new is gone'])
  // The next of today has it.
  const next = browser.tab('next', '0.2.0')
  await settled()
  expect(await next.ask(run)).toBe('next answers run')
})

test('[VER7] other older tabs in the line let a newer one through', async () => {
  const browser = aBrowser()
  const olds = ['one', 'two', 'three'].map((name) => browser.tab(name, '0.1.0'))
  await settled()
  const young = browser.tab('new', '0.2.0')
  await settled()
  expect(await young.ask(run)).toBe('new answers run')
  for (const old of olds) expect(await old.ask(run)).toBe('OlderTabError')
})

test('[VER7] the first release doesn’t know how to give way: the newer tab says so, asks it nothing and waits', async () => {
  const browser = aBrowser()
  const first = browser.tab('first', undefined)
  await settled()
  const young = browser.tab('new', '0.2.0')
  await settled()
  // It does here; what counts is that nothing was asked of it meanwhile.
  expect(young.events()).toContain('older-leader')
  expect(await young.ask(run)).toBe('new answers run')
  expect(first.events()).toContain('outdated')
})

test('tabs of one version share the work as ever', async () => {
  const browser = aBrowser()
  browser.tab('one', '0.2.0')
  await settled()
  const two = browser.tab('two', '0.2.0')
  await settled()
  expect(await two.ask(run)).toBe('one answers run')
  expect(two.events()).not.toContain('outdated')
  expect([
    compareVersions('0.10.0', '0.9.9') > 0,
    compareVersions('1.0', '1.0.0'),
    compareVersions(undefined, '0.1.0'),
  ]).toEqual([true, 0, 0])
})

test('a save’s answer leaves before anybody is told of its changes, and other tabs are told', async () => {
  const browser = aBrowser()
  const one = browser.tab('one', '0.2.0')
  await settled()
  const two = browser.tab('two', '0.2.0')
  await settled()
  browser.left.length = 0
  await one.ask(run)
  expect(browser.left).toEqual(['one to page: answer', 'one to tabs: change'])
  expect(two.events()).toContain('change')
  browser.left.length = 0
  await two.ask(run)
  expect(browser.left).toEqual(['one to tabs: answer', 'one to tabs: change', 'two to page: answer'])
})
