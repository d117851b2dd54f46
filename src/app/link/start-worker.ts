// Starts the device worker of this tab, by an address that passed the Trusted Types policy.
import workerUrl from '../worker/device-worker.ts?worker&url'
import { scriptUrl } from './trusted-urls.ts'

export const startWorker = (): Worker => new Worker(scriptUrl(workerUrl), { type: 'module', name: 'holdfast' })
