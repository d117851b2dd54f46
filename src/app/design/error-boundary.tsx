// Holds a screen that broke: the rest of the app, the worker and the outbox go on. The error is thrown again to the console's reporters.
import { Component, type ReactNode } from 'react'
import { t } from '../text/translate.ts'
import { EmptyState } from './empty-state.tsx'

interface Props {
  readonly children: ReactNode
  /** Another value (the address) gives the screen a new chance. */
  readonly resetKey: string
}

export class ErrorBoundary extends Component<Props, { readonly failed: Error | null; readonly key: string }> {
  override state = { failed: null as Error | null, key: this.props.resetKey }

  static getDerivedStateFromError(error: Error): { failed: Error } {
    return { failed: error }
  }

  static getDerivedStateFromProps(props: Props, state: { key: string }): { failed: null; key: string } | null {
    return props.resetKey === state.key ? null : { failed: null, key: props.resetKey }
  }

  override componentDidCatch(error: Error): void {
    reportError(error)
  }

  override render(): ReactNode {
    if (this.state.failed === null) return this.props.children
    const again = () => this.setState({ failed: null })
    return <EmptyState text={t('app.screen-failed')} primary={{ label: t('app.try-again'), run: again }} />
  }
}
