// The dedicated worker of one tab. It waits for the Web Lock that makes it the leader, for as long as the tab lives, and relays until then.
// It never speaks to the page but in the messages of calls.ts.
/// <reference lib="webworker" />
import { faultOf, type FromPage, type ToPage } from './calls.ts'
import { appVersion } from '../version.ts'
import { browserParts } from './browser-parts.ts'
import { DeviceHost } from './device-host.ts'
import { TabRelay } from './tab-relay.ts'

const lockName = 'holdfast-device'
const scope = globalThis as unknown as DedicatedWorkerGlobalScope

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker answers its own page only
const toPage = (message: ToPage) => scope.postMessage(message)
const relay = new TabRelay({
  me: crypto.randomUUID(),
  version: appVersion,
  channel: new BroadcastChannel(lockName),
  toPage,
  makeHost: (emit) => new DeviceHost(browserParts, emit),
})
scope.addEventListener('message', (event: MessageEvent<FromPage>) => relay.fromPage(event.data))

const broken = (error: unknown) => toPage({ event: 'broken', fault: faultOf(error) })

navigator.locks
  .request(lockName, async () => {
    try {
      await relay.lead()
    } catch (error) {
      broken(error)
      return
    }
    // Held until the worker ends or a newer app wants the device: the browser gives the lock to the next tab then, and not before.
    await relay.wayIsFree
  })
  .catch(broken)
