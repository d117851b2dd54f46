// The catalogue of the simulated company: its own module, the people and branches that make leases, and review.
import { catalogueOf, type Module } from '../../kernel/catalogue.ts'
import { mastersModule } from '../../modules/masters/module.ts'
import { privacyModule } from '../../modules/privacy/module.ts'
import { reviewModule } from '../../modules/review/module.ts'
import { simCommands } from './sim-commands.ts'
import { peopleCommands, peopleTables } from './sim-people.ts'
import { shareCommands } from './sim-shares.ts'
import { simTables } from './sim-tables.ts'

const simModule: Module = {
  name: 'sim',
  tables: [...simTables, ...peopleTables],
  commands: [...simCommands, ...shareCommands, ...peopleCommands],
}
const modules = [mastersModule, simModule]

export const simCatalogue = catalogueOf([...modules, reviewModule(modules), privacyModule(modules)])
