// `npm run campaign -- kills [rounds]`: SIGKILL of the browser in a stream of saves and exchanges, in upgrades of its database
// and while a newer app starts, 20 rounds unless told.
import { runRounds } from '../web-rounds.ts'

runRounds(
  ['src/app/kill.web.test.ts', 'src/app/worker/upgrade-kill.web.test.ts', 'src/app/app-update.web.test.ts'],
  'HOLDFAST_KILL_ROUNDS',
  20,
)
