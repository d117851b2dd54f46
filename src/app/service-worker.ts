// The service worker: every file of this version kept on the device, so that the app starts without a network. It never keeps an answer of
// the hub's API, and takes over only when the page says so.
/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, matchPrecache, precacheAndRoute } from 'workbox-precaching'

declare const self: ServiceWorkerGlobalScope & { readonly precacheList: { url: string; revision: string | null }[] }

precacheAndRoute(self.precacheList)
cleanupOutdatedCaches()

const page = createHandlerBoundToURL('/index.html')

self.addEventListener('fetch', (event) => {
  const { request } = event
  // Every address of the app is the same page; its router reads the address. Addresses of the hub are none of ours.
  if (request.mode !== 'navigate' || new URL(request.url).pathname.includes('.')) return
  if (/^\/(sync|enrol|api|blobs|health|admin)\//.test(new URL(request.url).pathname)) return
  event.respondWith(
    matchPrecache('/index.html').then((kept) => kept ?? page({ request, event, url: new URL(request.url) })),
  )
})

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  // The first page of a device is controlled at once: from then on it starts offline.
  event.waitUntil(self.clients.claim())
})
