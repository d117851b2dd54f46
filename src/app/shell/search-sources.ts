// Where the search over everything looks: views that take what was typed. An area adds a source; each is asked at once and on this device.
import { IconPackage, IconUser, type Icon } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { textOf } from '../../kernel/text-of.ts'
import { useDevice } from '../design/device-context.ts'

export interface Hit {
  readonly path: string
  readonly title: string
  readonly hint: string | null
  readonly icon: Icon
}

interface SearchSource {
  readonly view: string
  readonly args: (typed: string) => Readonly<Record<string, unknown>>
  readonly hit: (row: Readonly<Record<string, unknown>>) => Hit
}

const hitsMax = 6
const typedMin = 2

const sources: readonly SearchSource[] = [
  {
    view: 'masters.parties',
    args: (search) => ({ search, limit: hitsMax }),
    hit: (row) => ({
      path: `/customers/${textOf(row['id'])}`,
      title: textOf(row['name']),
      hint: textOf(row['code']),
      icon: IconUser,
    }),
  },
  {
    view: 'masters.items',
    args: (search) => ({ search, limit: hitsMax }),
    hit: (row) => ({
      path: `/stock/${textOf(row['id'])}`,
      title: textOf(row['name']),
      hint: textOf(row['code']),
      icon: IconPackage,
    }),
  },
]

/** What is found for what was typed; the last hits stay until the next ones are there. */
export function useHits(typed: string): readonly Hit[] {
  const device = useDevice()
  const [hits, setHits] = useState<readonly Hit[]>([])
  useEffect(() => {
    let isLive = true
    const find = async () => {
      if (typed.trim().length < typedMin) return []
      const answers = await Promise.allSettled(
        sources.map(async ({ view, args, hit }) =>
          (await device.query(view, args(typed.trim()))).rows.slice(0, hitsMax).map(hit),
        ),
      )
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    }
    find().then(
      (found) => isLive && setHits(found),
      () => isLive && setHits([]),
    )
    return () => {
      isLive = false
    }
  }, [device, typed])
  return hits
}
