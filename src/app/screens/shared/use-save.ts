// Saving from a business screen: what came of it is kept for the form (a refusal at its field, with the way to override it where the role
// may), and what people should know of a saved fact is shown as a toast. It never repeats a command by itself.
import { useCallback, useState } from 'react'
import { useSignedIn } from '../../design/device-context.ts'
import { showToast } from '../../design/toast-store.ts'
import { useRun, type ArgsOfCommand, type RunFrom } from '../../design/use-run.ts'
import { exceptionText, t } from '../../design/words.ts'
import { mayDo } from '../../../kernel/lease.ts'
import type { RaisedException, Refusal } from '../../../kernel/refusal.ts'
import type { RunAnswer } from '../../../sync/device/api.ts'

export type Saved = Extract<RunAnswer, { saved: true }>

export interface Saver {
  /** The saved answer, or null when it was refused: the refusal is then in `refusal`. */
  save<C>(command: string, args: ArgsOfCommand<C>, options?: RunFrom): Promise<Saved | null>
  readonly refusal: Refusal | null
  /** The role may decide what the refusal forbids. */
  readonly mayOverride: boolean
  clear(): void
  readonly isSaving: boolean
}

/** One toast for each thing to know; the same thing of many lines is told once. */
export function tellWarnings(warnings: readonly RaisedException[]): void {
  for (const text of new Set(warnings.map(({ code, facts }) => exceptionText(code, facts)))) {
    showToast({ tone: 'attention', title: t('screen.warnings'), text })
  }
}

export function useSave(): Saver {
  const { run, isRunning } = useRun()
  const who = useSignedIn()
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const save = useCallback(
    async (command: string, args: object, options: RunFrom = {}): Promise<Saved | null> => {
      setRefusal(null)
      const answer = await run(command, args as Readonly<Record<string, unknown>>, { isRefusalShown: true, ...options })
      if (!answer.saved) {
        setRefusal(answer.refusal)
        return null
      }
      tellWarnings(answer.warnings)
      return answer
    },
    [run],
  )
  const mayOverride = refusal !== null && refusal.check === 'rule' && mayDo(who, `override.${refusal.code}`)
  return { save, refusal, mayOverride, clear: useCallback(() => setRefusal(null), []), isSaving: isRunning }
}
