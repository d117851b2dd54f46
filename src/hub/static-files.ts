// Serves the built app with the security headers: hashed assets for a year, the shell and the service worker always
// asked for anew. Nothing outside the app's folder can be reached.
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Hono } from 'hono'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly isHashed: boolean
}

function readAssets(root: string): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const url = `/${relative(root, path).split(sep).join('/')}`
    assets.set(url, {
      bytes: Uint8Array.from(readFileSync(path)),
      type: types[extname(path)] ?? 'application/octet-stream',
      isHashed: url.startsWith('/assets/'),
    })
  }
  return assets
}

/** Adds the app of `root` (dist/app) to the hub's endpoints; unknown paths without an extension get the shell. */
export function serveApp(app: Hono, root: string, headers: Readonly<Record<string, string>>): void {
  const assets = readAssets(root)
  app.get('*', (c) => {
    const path = c.req.path === '/' ? '/index.html' : c.req.path
    const asset = assets.get(path) ?? (extname(path) === '' ? assets.get('/index.html') : undefined)
    if (asset === undefined) return c.json({ error: 'hub.not-found' }, 404, headers as Record<string, string>)
    const cache = asset.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache'
    return c.body(asset.bytes, 200, { ...headers, 'content-type': asset.type, 'cache-control': cache })
  })
}
