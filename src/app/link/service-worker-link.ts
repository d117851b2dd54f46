// The service worker from the page's side: registers it, and offers a new version when one is ready. A new version never takes over by
// itself: a reload in the middle of a sale is the person's to choose. What was offered can be taken until it is.
import { showToast } from '../design/toast-store.ts'
import { t } from '../text/translate.ts'
import { scriptUrl } from './trusted-urls.ts'

const hourMs = 3_600_000
const listeners = new Set<() => void>()
let isReady = false

/** A new version lies here whole and waits to be taken. */
export const isUpdateReady = (): boolean => isReady

export function onUpdateReady(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function watchUpdates(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  const { serviceWorker } = navigator
  serviceWorker.register(scriptUrl('/service-worker.js'), { scope: '/', updateViaCache: 'none' }).then(
    (registration) => {
      const offer = () => {
        // The very first version has nothing to replace.
        if (registration.waiting !== null && serviceWorker.controller !== null) offerUpdate()
      }
      offer()
      registration.addEventListener('updatefound', () => {
        const { installing } = registration
        installing?.addEventListener('statechange', () => installing.state === 'installed' && offer())
      })
      setInterval(() => void registration.update().catch(() => null), hourMs)
    },
    () => null, // Without a service worker the app works as long as its page stays open; the start needs the hub then.
  )
}

function offerUpdate(): void {
  isReady = true
  for (const listener of listeners) listener()
  showToast({
    tone: 'info',
    text: t('app.update'),
    action: { label: t('app.update-now'), run: () => void takeUpdate() },
  })
}

/** Loads the newest version that can be had now: a plain reload would start the old one again as long as any tab has it. */
export async function takeUpdate(): Promise<void> {
  const registration = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined
  // Without a network the one that is here.
  await registration?.update().catch(() => null)
  const { installing = null } = registration ?? {}
  if (installing !== null) await installed(installing)
  const { waiting = null } = registration ?? {}
  if (waiting === null) return location.reload()
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window: it has no origin to name
  waiting.postMessage('take-over')
}

/** Whole, or given up. */
const installed = (worker: ServiceWorker): Promise<void> =>
  new Promise((resolve) => {
    const look = () => worker.state !== 'installing' && resolve()
    worker.addEventListener('statechange', look)
    look()
  })
