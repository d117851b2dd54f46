// The service worker from the page's side: registers it, and offers a new version when one is ready. A new version never takes over by
// itself: a reload in the middle of a sale is the person's to choose.
import { showToast } from '../design/toast-store.ts'
import { t } from '../text/translate.ts'
import { scriptUrl } from './trusted-urls.ts'

const hourMs = 3_600_000

export function watchUpdates(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  const { serviceWorker } = navigator
  serviceWorker.register(scriptUrl('/service-worker.js'), { scope: '/', updateViaCache: 'none' }).then(
    (registration) => {
      const offer = () => {
        const { waiting } = registration
        // The very first version has nothing to replace.
        if (waiting !== null && serviceWorker.controller !== null) offerUpdate(waiting)
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

function offerUpdate(waiting: ServiceWorker): void {
  const reload = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window: it has no origin to name
    waiting.postMessage('take-over')
  }
  showToast({ tone: 'info', text: t('app.update'), action: { label: t('app.update-now'), run: reload } })
}
