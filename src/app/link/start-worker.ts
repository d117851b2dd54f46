// Starts the device worker of this tab, by an address that passed the Trusted Types policy.
// oxlint-disable-next-line import/default -- the build answers the worker's address
import workerUrl from '../worker/device-worker.ts?worker&url'
import { scriptUrl } from './trusted-urls.ts'

export const startWorker = (): Worker => new Worker(scriptUrl(workerUrl), { type: 'module', name: 'holdfast' })
