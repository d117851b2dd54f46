// The catalogues of the simulated company, of two releases: its own module, the people and branches that make leases, and review.
import { catalogueOf, type Catalogue, type Module } from '../../kernel/catalogue.ts'
import { mastersModule } from '../../modules/masters/module.ts'
import { privacyModule } from '../../modules/privacy/module.ts'
import { reviewModule } from '../../modules/review/module.ts'
import { simCommands } from './sim-commands.ts'
import { nextCommands, nextTables } from './sim-next.ts'
import { peopleCommands, peopleTables } from './sim-people.ts'
import { postingTables, settle } from './sim-postings.ts'
import { shareCommands } from './sim-shares.ts'
import { simTables } from './sim-tables.ts'

export type Release = 'older' | 'newer'

const tables = [...simTables, ...peopleTables, ...postingTables]
const commands = [...simCommands, ...shareCommands, ...peopleCommands, settle] as unknown as Module['commands']

function released(sim: Pick<Module, 'tables' | 'commands'>): Catalogue {
  const modules = [mastersModule, { name: 'sim', ...sim }]
  return catalogueOf([...modules, reviewModule(modules), privacyModule(modules)])
}

export const simReleases: Readonly<Record<Release, Catalogue>> = {
  older: released({ tables, commands }),
  newer: released({ tables: nextTables(tables), commands: nextCommands(commands) }),
}
