// Builds the app: src/app → dist/app, one page, one worker, one service worker that keeps every file. The build fails when a file would be
// missing offline or when what a person waits for at the first start grows over its budget.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { themeCss } from './src/app/design/theme-css.ts'

const root = dirname(fileURLToPath(import.meta.url))
const outDir = join(root, 'dist/app')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`
const compressed = (name: string): number => brotliCompressSync(readFileSync(join(outDir, name))).byteLength

/** The kit's variables as a real style sheet: the content security policy allows no style element. */
function themeStyles(): Plugin {
  const id = 'virtual:theme.css'
  return {
    name: 'theme-styles',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (source) => (source === `\0${id}` ? themeCss() : undefined),
  }
}

/** interface.md: what is loaded before the first screen, in KB of brotli. */
const budgetKb = { script: 170, style: 20 }

/** The style sheets that a chunk brings along, by the note that Vite leaves on it. */
function styleSheetsOf(chunk: unknown): string[] {
  return [...((chunk as { viteMetadata?: { importedCss?: Set<string> } } | undefined)?.viteMetadata?.importedCss ?? [])]
}

function firstLoadBudget(): Plugin {
  return {
    name: 'first-load-budget',
    writeBundle(_, bundle) {
      const chunks = new Map(Object.values(bundle).map((file) => [file.fileName, file]))
      const needed = new Set<string>()
      const need = (name: string): void => {
        const chunk = chunks.get(name)
        if (needed.has(name) || chunk?.type !== 'chunk') return
        needed.add(name)
        for (const imported of chunk.imports) need(imported)
      }
      for (const file of chunks.values()) {
        // The shell is a chunk of its own only so that a locked device shows its screen sooner: a working one waits for both.
        if (file.type === 'chunk' && (file.isEntry || file.name === 'shell')) need(file.fileName)
      }
      const script = [...needed].reduce((sum, name) => sum + compressed(name), 0)
      const styles = new Set([...needed].flatMap((name) => styleSheetsOf(chunks.get(name))))
      const style = [...styles].reduce((sum, name) => sum + compressed(name), 0)
      const worker = [...chunks.keys()]
        .filter((name) => /device-worker.*\.js$/.test(name))
        .reduce((sum, name) => sum + compressed(name), 0)
      this.info(`first load: ${kb(script)} script, ${kb(style)} style; worker ${kb(worker)} (brotli)`)
      if (script > budgetKb.script * 1024 || style > budgetKb.style * 1024) {
        this.error(
          `The first load is over its budget of ${budgetKb.script} KB script and ${budgetKb.style} KB style: load screens lazily.`,
        )
      }
    },
  }
}

/** Without this an asset left out of the precache is found by the first person who starts offline. */
function everythingIsPrecached(): Plugin {
  const itself = ['service-worker.js']
  return {
    name: 'everything-is-precached',
    apply: 'build',
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const worker = readFileSync(join(outDir, 'service-worker.js'), 'utf8')
        const missing = readdirSync(outDir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(outDir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
          .filter((name) => !itself.includes(name) && !worker.includes(name))
        if (missing.length > 0)
          throw new Error(`The service worker doesn't keep ${missing.join(', ')}: extend globPatterns.`)
      },
    },
  }
}

export default defineConfig({
  root: join(root, 'src/app'),
  publicDir: 'public',
  base: '/',
  define: { 'import.meta.env.APP_VERSION': JSON.stringify(version) },
  worker: { format: 'es' },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0, // data: addresses would need holes in the policy
    modulePreload: { polyfill: false },
  },
  plugins: [
    themeStyles(),
    react(),
    firstLoadBudget(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: '.',
      filename: 'service-worker.ts',
      injectRegister: false,
      registerType: 'prompt',
      injectManifest: {
        injectionPoint: 'self.precacheList',
        globPatterns: ['**/*.{js,css,html,wasm,svg,png,webmanifest,woff2,json}'],
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      },
      manifest: {
        id: '/',
        name: 'Holdfast',
        short_name: 'Holdfast',
        description: 'ERP and field CRM that works without a network.',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f6f8fa',
        theme_color: '#0f766e',
        categories: ['business', 'productivity'],
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
    }),
    everythingIsPrecached(),
  ],
})
