// Faults about parked work: whom it waits for, who is asked, and what is kept of it.
import type { Mutant } from './mutants.ts'

const parking = 'src/sync/hub/parking.ts'

export const reviewMutants: readonly Mutant[] = [
  {
    name: 'parks what only decides about parked work',
    file: parking,
    find: 'if (DECISIONS.has(envelope.type))',
    replace: 'if (DECISIONS.has(envelope.dev))',
    tests: ['src/sync/revocation.pg.test.ts'],
  },
  {
    name: 'what is parked names an erased person whom it would have made',
    file: 'src/sync/hub/subjects.ts',
    find: '...madeOf(reader, catalogue, frame)]',
    replace: ']',
    tests: ['src/sync/erased-backup.pg.test.ts'],
  },
  {
    name: 'what was settled lets nobody go who ran before it',
    file: parking,
    find: 'effects.patch(reviewItem, child.id, { isLetGo: true })',
    replace: 'void child',
  },
  {
    name: 'what fails again waits for what waits for it',
    file: parking,
    find: '.filter((item) => !waitsFor(reader, item, settles?.item))',
    replace: '.filter(() => true)',
    tests: ['src/sync/waiting-work.pg.test.ts'],
  },
  {
    name: 'parked work waits for what its device saved after it',
    file: parking,
    find: ' && inStream(item, envelope) < 0',
    replace: '',
    tests: ['src/sync/waiting-work.pg.test.ts'],
  },
]
