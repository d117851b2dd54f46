// The unlocked app: menu, header, the screen. Three layouts of one structure: rail with words from 1024 px, rail of icons from 640 px, tabs at
// the bottom of a phone. It never knows what a screen does.
import { Suspense, useMemo, type ReactNode } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { ErrorBoundary } from '../design/error-boundary.tsx'
import { useSignedIn } from '../design/device-context.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { later, type Later } from '../design/later.tsx'
import { useWidth } from '../design/use-width.ts'
import { prepareFormats } from '../text/format.ts'
import { currentLocale, t, withWords } from '../text/translate.ts'
import { useCompanyCurrency } from './workplace.ts'
import { Header } from './header.tsx'
import { BottomTabs } from './bottom-tabs.tsx'
import { Rail } from './rail.tsx'
import { homeOf, screenAt, screens, screensFor, type Screen } from './screens.ts'
import classes from './shell.module.css'

/** One component a screen for the life of the page: a screen isn't loaded again when the person changes. */
const components = new Map<Screen, Later<object>>(screens.map((screen) => [screen, later(withWords(screen.load))]))

/** Loads what the screen at an address is made of, and how days and money are written there, before it may be shown. */
export async function prepareScreen(path: string): Promise<void> {
  const screen = screenAt(path, screens)
  const prepared = screen === undefined ? undefined : components.get(screen)?.prepare()
  // While its code is on its way.
  prepareFormats(currentLocale())
  await prepared
}

export function Shell(): ReactNode {
  const signedIn = useSignedIn()
  const shown = useMemo(() => screensFor(signedIn), [signedIn])
  const [location] = useLocation()
  const width = useWidth()
  useCompanyCurrency()
  const isFull = screenAt(location, shown)?.isFullScreen === true
  return (
    <div className={classes['shell']} data-full={isFull || undefined}>
      <a className={classes['skip']} href="#content">
        {t('app.skip')}
      </a>
      {!isFull && width !== 'phone' && <Rail screens={shown} />}
      <div className={classes['column']}>
        <Header screens={shown} />
        <main id="content" className={classes['content']} tabIndex={-1}>
          <ErrorBoundary resetKey={location}>
            <Suspense fallback={<div className={classes['loading']} />}>
              <Switch>
                {shown.map((screen) => (
                  <Route
                    key={screen.path}
                    path={`${screen.path}/*?`}
                    component={components.get(screen)?.Component ?? Missing}
                  />
                ))}
                <Route path="/">
                  <Redirect to={homeOf(signedIn, shown)} replace />
                </Route>
                <Route component={Missing} />
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </main>
        {!isFull && width === 'phone' && <BottomTabs screens={shown} />}
      </div>
    </div>
  )
}

function Missing(): ReactNode {
  const [, go] = useLocation()
  return <EmptyState text={t('app.not-found')} primary={{ label: t('app.go-home'), run: () => go('/') }} />
}
