// `npm run campaign -- every-write [share %] [name]`: stops the machine at every change of the disk, and fills the disk at
// every write, of every command and of every step of an exchange. 100 % is every place; a name takes only acts with it.
import { catalogue } from '../../modules/all.ts'
import { aCompany, commandActs, downloadAct, exchangeActs, photoActs } from '../every-write/acts.ts'
import { lifeActs } from '../every-write/life-acts.ts'
import { cutAct, someOf } from '../every-write/cut.ts'

const [share = '100', name = ''] = process.argv.slice(2)
if (!/^\d{1,3}$/.test(share) || Number(share) === 0 || Number(share) > 100) {
  console.log('Usage: npm run campaign -- every-write [1 to 100 % of the places] [part of a name]')
  process.exit(2)
}
const company = await aCompany()
const acts = [
  ...[...exchangeActs(company), ...photoActs(company), ...commandActs(company)].map((act) => ({
    act,
    begin: company.full,
  })),
  { act: downloadAct(company), begin: company.empty },
  ...lifeActs(company),
].filter(({ act }) => act.name.includes(name))
let places = 0
let broken = 0
for (const [at, { act, begin }] of acts.entries()) {
  const report = await cutAct(catalogue, begin, act, { choose: someOf(Number(share) / 100, at + 1), seed: at + 1 })
  places += report.places
  broken += report.wrong.length
  console.log(`${act.name}: ${report.places} places, ${report.wrong.length} wrong`)
  for (const wrong of report.wrong.slice(0, 5)) console.log(`  ${wrong}`)
}
console.log(`${acts.length} acts cut at ${places} places: ${broken} broken`)
process.exitCode = broken > 0 || places === 0 ? 1 : 0
