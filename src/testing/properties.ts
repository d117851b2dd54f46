// The dice of all property tests. A test run throws the same each time, so that what turns it red is the change; `npm run campaign --
// properties` throws new ones, and more of them. A setup file of the tests, which changes how fast-check begins.
import fc from 'fast-check'

/** How many times as often as in a test run each property is tried. */
const TIMES = Number(process.env['HOLDFAST_TIMES'] ?? 1)

fc.configureGlobal({ seed: Number(process.env['HOLDFAST_SEED'] ?? 20_261_127), numRuns: 100 * TIMES })

/** Runs or milliseconds of a property: so many in a test run, more in a campaign. */
export const times = (inTestRun: number): number => inTestRun * TIMES
