// One decision over many: each is a command of its own, one after the other, so that one that can't be saved or taken stops none. What came
// of each is read from the outbox afterwards; here is only what was asked.
import { useCallback, useState } from 'react'
import { useDevice } from '../../design/device-context.ts'
import type { Refusal } from '../../../kernel/refusal.ts'
import { argsOf, type Choice } from './choices.ts'
import type { InboxItem } from './inbox-item.ts'

export interface BulkStep {
  readonly id: string
  readonly title: string
  /** Of the saved command; null when it was refused on this device. */
  readonly seq: number | null
  readonly refusal: Refusal | null
}

export interface Bulk {
  readonly steps: readonly BulkStep[]
  /** How many there are to be; 0 before anything was asked. */
  readonly total: number
  readonly isRunning: boolean
  readonly run: (items: readonly InboxItem[], choice: Choice, note: string) => Promise<void>
  readonly forget: () => void
}

const nothing = { steps: [] as readonly BulkStep[], total: 0, isRunning: false }

export function useBulk(): Bulk {
  const device = useDevice()
  const [state, setState] = useState(nothing)
  const run = useCallback(
    async (items: readonly InboxItem[], choice: Choice, note: string): Promise<void> => {
      setState({ steps: [], total: items.length, isRunning: true })
      for (const item of items) {
        const step = await device.run(choice.command, argsOf(item, choice, note)).then(
          (answer): BulkStep => ({
            id: item.id,
            title: item.title,
            seq: answer.saved ? answer.seq : null,
            refusal: answer.saved ? null : answer.refusal,
          }),
          (fault: Error): BulkStep => ({
            id: item.id,
            title: item.title,
            seq: null,
            refusal: { code: 'device.failed', facts: { reason: fault.message }, check: 'rule' },
          }),
        )
        setState((last) => ({ ...last, steps: [...last.steps, step] }))
      }
      setState((last) => ({ ...last, isRunning: false }))
    },
    [device],
  )
  return { ...state, run, forget: useCallback(() => setState(nothing), []) }
}
