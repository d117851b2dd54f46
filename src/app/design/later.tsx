// A component whose code comes when it is first shown, or before. Once it is here it is drawn at once: React's `lazy` shows its fallback
// even then, and holds back what follows until that fallback has stood for 300 ms.
import { lazy, useState, type ComponentType, type ReactNode } from 'react'

export interface Later<P extends object> {
  /** Stands below a Suspense, for when its code isn't here yet. */
  readonly Component: ComponentType<P>
  /** Loads the code before it may be shown. Rejects when it can't be had; showing it tries again. */
  readonly prepare: () => Promise<void>
}

export function later<P extends object>(load: () => Promise<{ readonly default: ComponentType<P> }>): Later<P> {
  let found: ComponentType<P> | null = null
  const loadIt = async (): Promise<{ default: ComponentType<P> }> => {
    found = (await load()).default
    return { default: found }
  }
  const Lazy = lazy(loadIt)
  function Component(props: P): ReactNode {
    // What a component began with it stays: another one in its place would forget what was typed into it.
    const [Shown] = useState(() => found ?? Lazy)
    return <Shown {...props} />
  }
  return { Component, prepare: () => loadIt().then(() => undefined) }
}
