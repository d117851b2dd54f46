// Ctrl-C and SIGTERM as one signal: the first asks for a clean stop, the second ends at once for whoever is in a hurry.

export interface StopSignal {
  readonly signal: AbortSignal
  /** Resolves with the first of the two signals. */
  readonly stopped: Promise<NodeJS.Signals>
  /** Lets the signals act as usual again. */
  forget(): void
}

export function stopSignal(): StopSignal {
  const controller = new AbortController()
  let tell: (signal: NodeJS.Signals) => void = () => {}
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    tell = resolve
  })
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
    tell(signal)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stopped,
    forget: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  }
}
