// `npm run campaign -- browser-cuts [rounds] [seed]`: the app in Chromium behind a network that cuts, 200 rounds unless told.
import { runRounds } from '../web-rounds.ts'

runRounds(['src/app/cuts.web.test.ts'], 'HOLDFAST_CUT_ROUNDS', 200)
