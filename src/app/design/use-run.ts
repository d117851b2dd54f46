// Saving from a screen: runs a command on this device and says "Saved on this device" only after it is on the disk. A refusal is given back
// for the screen to show at its field, and named in a toast unless the screen shows it itself.
import { useCallback, useState } from 'react'
import type { RunAnswer, RunOptions } from '../../sync/device/api.ts'
import type { ArgsFor, Command } from '../../kernel/command.ts'
import type { Fields } from '../../kernel/field.ts'
import { refusalText } from '../text/refusal-text.ts'
import { t } from '../text/translate.ts'
import { useDevice } from './device-context.ts'
import { showToast } from './toast-store.ts'

export interface RunFrom extends RunOptions {
  /** The screen shows the refusal itself. */
  readonly isRefusalShown?: boolean
  /** The screen's own news is enough (a till's next customer). */
  readonly isQuiet?: boolean
}

export type ArgsOfCommand<C> =
  C extends Command<infer F extends Fields> ? ArgsFor<Command<F>> : Readonly<Record<string, unknown>>

export interface Runner {
  /** `run<typeof completeSale>('pos.completeSale', args)` with `import type { completeSale }`: the arguments are typed by the command. */
  run<C>(command: string, args: ArgsOfCommand<C>, options?: RunFrom): Promise<RunAnswer>
  readonly isRunning: boolean
}

export function useRun(): Runner {
  const device = useDevice()
  const [running, setRunning] = useState(0)
  const run = useCallback(
    async (
      command: string,
      args: object,
      { isRefusalShown, isQuiet, ...options }: RunFrom = {},
    ): Promise<RunAnswer> => {
      setRunning((count) => count + 1)
      try {
        const answer = await device.run(command, args as Record<string, unknown>, options)
        if (answer.saved) {
          if (isQuiet !== true) showToast({ tone: 'ok', text: savedText(answer.about['number']) })
        } else if (isRefusalShown !== true) {
          showToast({
            tone: 'error',
            title: t('toast.refused'),
            text: refusalText(answer.refusal.code, answer.refusal.facts),
          })
        }
        return answer
      } catch (error) {
        // A fault of the world (a full disk): nothing was saved, and the person must know.
        showToast({
          tone: 'error',
          title: t('toast.refused'),
          text: t('toast.failed', { reason: (error as Error).message }),
        })
        throw error
      } finally {
        setRunning((count) => count - 1)
      }
    },
    [device],
  )
  return { run, isRunning: running > 0 }
}

function savedText(number: unknown): string {
  return typeof number === 'string' ? t('toast.saved-as', { number }) : t('toast.saved')
}
