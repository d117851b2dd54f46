// The start of the page: look and language first, then the device's worker, then the screens. It never waits for a network.
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import './design/mantine-styles.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { assert } from '../kernel/assert.ts'
import { App } from './app.tsx'
import { applyDensity } from './design/density.ts'
import { DeviceContext } from './design/device-context.ts'
import { theme } from './design/theme.ts'
import { Toasts } from './design/toasts.tsx'
import { DeviceLink } from './link/device-link.ts'
import { watchUpdates } from './link/service-worker-link.ts'
import { startWorker } from './link/start-worker.ts'
import { watchReturn } from './link/watch-return.ts'
import { beginLanguage } from './shell/language.ts'

applyDensity()
const link = new DeviceLink(startWorker)
link.start()
watchUpdates()
watchReturn((who) => link.wake(who))

const root = document.querySelector('#app')
assert(root !== null, 'The page has no #app.')
const draw = (): void =>
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={localStorageColorSchemeManager({ key: 'holdfast.scheme' })}
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <DeviceContext value={link}>
          <App />
          <Toasts />
        </DeviceContext>
      </MantineProvider>
    </StrictMode>,
  )
// English is at hand; another language comes from the files that are kept here. Where it can't be had, English is better than nothing.
beginLanguage().then(draw, draw)
