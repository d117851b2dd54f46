// Names of people by their ids, as this device holds them. It asks nobody else.
import { useView } from '../../design/use-view.ts'
import { t } from '../../design/words.ts'
import type { people } from '../../../modules/masters/views.ts'

export function usePeople(): (id: string) => string {
  const { rows } = useView<typeof people>('masters.people', {})
  return (id) => rows?.find((person) => person.id === id)?.name ?? t('review.unknown-row', { id: id.slice(0, 8) })
}
