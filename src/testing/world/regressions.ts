// Plans that once broke a law, each with what it found, as short as they could be made. They are run on every change and
// never taken away; one that no longer shows what it found, because the world around it has changed, is found anew.
import type { Plan } from './plan.ts'

export interface Regression {
  readonly found: string
  readonly plan: Plan
}

const DAY_MS = 24 * 3_600_000
const step = { after: 1000, seed: 1, device: 0 }

export const regressions: readonly Regression[] = [
  {
    found: 'a disk that filled up in an exchange broke the exchange, and no screen was told',
    plan: {
      seed: 1,
      devices: 2,
      steps: [
        { ...step, do: 'work', seed: 2 },
        { ...step, do: 'full', atWrite: 1 },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'wait', after: 60_000 },
      ],
    },
  },
  {
    found: 'a clock ten years ahead for one exchange forgot an envelope, and no later one connected to a restored hub',
    plan: {
      seed: 1,
      devices: 2,
      steps: [
        { ...step, do: 'work', seed: 2 },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'hub', to: 'back-up', after: 60_000 },
        { ...step, do: 'work', seed: 3 },
        { ...step, do: 'work', seed: 4 },
        { ...step, do: 'clock', to: 'forward' },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'clock', to: 'right', after: 60_000 },
        { ...step, do: 'hub', to: 'restore' },
      ],
    },
  },
  {
    found:
      'a decision behind another one of the same push ran what waited for a parked command that was discarded by then',
    plan: {
      seed: 1,
      devices: 3,
      steps: [
        { do: 'work', device: 1, kind: 'replyNote', after: 451, seed: 2689396183 },
        { do: 'work', device: 1, kind: 'editNote', after: 2131, seed: 2017162973 },
        { do: 'sync', device: 1, fates: [], after: 2807, seed: 3186683230 },
        { do: 'review', device: 1, how: 'discard', after: 1251, seed: 1638760324 },
        { do: 'review', device: 1, how: 'again', after: 30, seed: 1332228026 },
      ],
    },
  },
  {
    found:
      'a device that settled work of today forgot all that was older, and could send nothing to a hub that had lost today',
    plan: {
      seed: 1,
      devices: 2,
      steps: [
        { ...step, do: 'work', kind: 'addNote', seed: 2 },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'sync', fates: [], after: 31 * DAY_MS },
        { ...step, do: 'network', device: 1, to: 'both' },
        { ...step, do: 'work', kind: 'addNote', seed: 3 },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'hub', to: 'fail-over', after: 60_000 },
      ],
    },
  },
  {
    found: 'a device whose disk was full before it asked anything said that it is online',
    plan: {
      seed: 1,
      devices: 2,
      steps: [
        { ...step, do: 'work', seed: 2 },
        { ...step, do: 'full', atWrite: 1 },
        { ...step, do: 'sync', fates: [], after: 70_000 },
      ],
    },
  },
  {
    found:
      'a command that had waited for one of another branch was never its author’s again after that one was discarded',
    plan: {
      seed: 100021,
      devices: 3,
      steps: [
        { do: 'work', device: 0, kind: 'replyNote', after: 827, seed: 536950002 },
        { do: 'work', device: 0, kind: 'replyNote', after: 326, seed: 2348978331 },
      ],
    },
  },
  {
    found:
      'a decision about work that a restored hub didn’t know again became a parked command itself, for people to decide about',
    plan: {
      seed: 100090,
      devices: 5,
      steps: [
        { do: 'work', device: 4, after: 18057, seed: 3702527451 },
        { do: 'hub', to: 'back-up', after: 813, seed: 3551528880 },
        { do: 'sync', device: 4, fates: [], after: 1646, seed: 1988106297 },
        { do: 'sync', device: 1, fates: [], after: 163, seed: 4118025267 },
        { do: 'work', device: 1, after: 10328, seed: 4101247648 },
        { do: 'review', device: 1, after: 390, seed: 3145346230 },
        { do: 'hub', to: 'restore', after: 659, seed: 1069548887 },
      ],
    },
  },
  {
    found: 'a device whose disk was too full to be updated asked nobody anything, and said that it is online',
    plan: {
      seed: 1,
      devices: 2,
      steps: [
        { ...step, do: 'release', isRolling: false, isDemanded: false },
        { ...step, do: 'update', fullAt: 1 },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'wait', after: 60_000 },
      ],
    },
  },
  {
    found: 'a command that a full disk had refused was there after its process was killed',
    plan: {
      seed: 500096,
      devices: 5,
      steps: [
        { do: 'starve', device: 2, after: 451, seed: 441277844 },
        { do: 'people', device: 2, after: 1000, seed: 758830638 },
        { do: 'people', device: 2, after: 1000, seed: 745204412 },
        { do: 'restart', device: 2, after: 1383, seed: 1423423043 },
      ],
    },
  },
  {
    found: 'work from before its author was shut out was parked: a restored hub had given the numbers it had seen anew',
    plan: {
      seed: 1,
      devices: 4,
      steps: [
        { ...step, do: 'hub', to: 'back-up' },
        { ...step, do: 'work', device: 1, kind: 'addNote' },
        { ...step, do: 'work', device: 1, kind: 'addNote', seed: 2 },
        { ...step, do: 'sync', device: 1, fates: [] },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'network', to: 'none' },
        { ...step, do: 'work', kind: 'addNote' },
        { ...step, do: 'hub', to: 'restore', after: 600_000 },
        { ...step, do: 'revoke', after: 600_000, seed: 5 },
        { ...step, do: 'sync', device: 1, fates: [], after: 600_000 },
        { ...step, do: 'work', device: 1, kind: 'addNote' },
        { ...step, do: 'sync', device: 1, fates: [] },
      ],
    },
  },
  {
    found:
      'work from before its author was shut out was parked: a hub that failed over had given the numbers it had seen anew',
    plan: {
      seed: 1,
      devices: 4,
      steps: [
        { ...step, do: 'network', device: 2, to: 'both' },
        { ...step, do: 'work', device: 1, kind: 'addNote' },
        { ...step, do: 'work', device: 1, kind: 'addNote', seed: 2 },
        { ...step, do: 'sync', device: 1, fates: [] },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'hub', to: 'fail-over' },
        { ...step, do: 'network', to: 'none' },
        { ...step, do: 'work', kind: 'addNote' },
        { ...step, do: 'revoke', after: 600_000, seed: 5 },
        { ...step, do: 'sync', device: 1, fates: [], after: 600_000 },
        { ...step, do: 'work', device: 1, kind: 'addNote' },
        { ...step, do: 'sync', device: 1, fates: [] },
      ],
    },
  },
  {
    found: 'two databases in the place of one gave the same numbers to other commits',
    plan: {
      seed: 1,
      devices: 4,
      steps: [
        { ...step, do: 'hub', to: 'back-up' },
        { ...step, do: 'network', device: 2, to: 'both' },
        { ...step, do: 'work', device: 1, kind: 'addNote' },
        { ...step, do: 'hub', to: 'fail-over', after: 60_000 },
        { ...step, do: 'sync', device: 1, fates: [] },
        { ...step, do: 'hub', to: 'restore', after: 60_000 },
        { ...step, do: 'work', device: 3, kind: 'addNote' },
        { ...step, do: 'sync', device: 3, fates: [] },
      ],
    },
  },
  {
    found: 'a copy kept what it was told where a restored hub had decided anew about what its twin brought again',
    plan: {
      seed: 800089,
      devices: 4,
      steps: [
        { do: 'work', device: 3, after: 316, seed: 2750652441 },
        { do: 'hub', to: 'back-up', after: 1832, seed: 2918428631 },
        { do: 'sync', device: 3, fates: [], after: 1904, seed: 2631237632 },
        { do: 'work', device: 0, after: 18302, seed: 1775442624 },
        { do: 'clone', device: 3, after: 1214, seed: 4275896235 },
        { do: 'hub', to: 'restore', after: 567, seed: 3606206218 },
      ],
    },
  },
  {
    found: 'a parked command kept what it said of an erased person whom it would have made',
    plan: {
      seed: 800239,
      devices: 5,
      steps: [
        { do: 'people', device: 1, after: 1000, seed: 572465750 },
        { do: 'work', device: 4, kind: 'addNote', after: 104, seed: 3353581774 },
        { do: 'sync', device: 1, fates: [], after: 1191, seed: 3370359393 },
        { do: 'hub', to: 'back-up', after: 150, seed: 3320026536 },
        { do: 'erase', device: 4, after: 1000, seed: 904213405 },
        { do: 'revoke', device: 1, after: 262, seed: 3352890226 },
        { do: 'hub', to: 'restore', after: 1636, seed: 1070545662 },
      ],
    },
  },
  {
    found:
      'work that was discarded and opened again after its parent had run waited for it for ever on its author’s device',
    plan: {
      seed: 950047,
      devices: 3,
      steps: [
        { do: 'work', device: 2, kind: 'replyNote', after: 15723, seed: 2086924424 },
        { do: 'sync', device: 2, fates: [], after: 50, seed: 2019813948 },
        { do: 'work', device: 1, kind: 'editNote', after: 138, seed: 6284784 },
        { do: 'take-over', device: 1, after: 232, seed: 274873783 },
        { do: 'review', device: 1, after: 983, seed: 4284180271 },
        { do: 'work', device: 2, kind: 'countShelves', after: 17761, seed: 1627915807 },
        { do: 'review', device: 2, after: 182, seed: 1560805331 },
        { do: 'user', device: 2, to: 'move', after: 1295, seed: 4060126109 },
      ],
    },
  },
  {
    found: 'numbers of an earlier life were called used: a restored hub got what followed them before it got them',
    plan: {
      seed: 1,
      devices: 4,
      steps: [
        { ...step, do: 'hub', to: 'back-up' },
        { ...step, do: 'work', kind: 'openJob' },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'work', kind: 'openJob', seed: 2 },
        { ...step, do: 'revoke', seed: 5, after: 600_000 },
        { ...step, do: 'enrol-again', after: 600_000 },
        { ...step, do: 'sync', fates: [] },
        { ...step, do: 'work', kind: 'openJob', seed: 3 },
        { ...step, do: 'hub', to: 'restore', after: 600_000 },
        { ...step, do: 'sync', fates: [], after: 600_000 },
      ],
    },
  },
  {
    found: 'a photo that a hub confirmed and lost when it failed over was not sent again',
    plan: {
      seed: 500054,
      devices: 5,
      steps: [
        { do: 'work', device: 4, after: 11390067, seed: 3698117157 },
        { do: 'work', device: 1, after: 521, seed: 3614081967 },
        { do: 'wait', after: 243920622, seed: 3765521823 },
        { do: 'network', device: 2, to: 'both', after: 536, seed: 3798929966 },
        { do: 'work', device: 4, after: 7707749, seed: 3866040442 },
        { do: 'work', device: 1, after: 490, seed: 3511591872 },
        { do: 'hub', to: 'fail-over', after: 1588, seed: 3972920914 },
      ],
    },
  },
  {
    found: 'parked work that ran before what it turned out to wait for waited for it for ever, and nobody was asked',
    plan: {
      seed: 960193,
      mode: 'liveness',
      devices: 2,
      steps: [
        { do: 'clock', device: 1, to: 'frozen', after: 1391, seed: 504506829 },
        { do: 'work', device: 1, after: 163, seed: 252842544 },
        { do: 'work', device: 1, after: 9894968, seed: 269620163 },
        { do: 'sync', device: 1, fates: [], pushesMax: 1, badUploads: 1, after: 1337, seed: 2300153347 },
        { do: 'work', device: 1, after: 8100, seed: 2434374299 },
        { do: 'work', device: 1, after: 3615, seed: 2417596680 },
        { do: 'people', device: 0, after: 1000, seed: 906283893 },
        { do: 'work', device: 0, after: 443, seed: 2736224346 },
        { do: 'work', device: 0, after: 6304, seed: 2417743775 },
        { do: 'sync', device: 1, fates: [null, 'drop-answer', null], badUploads: 0, after: 878, seed: 2434521394 },
        { do: 'work', device: 1, after: 5133, seed: 2350633299 },
        { do: 'work', device: 1, after: 203, seed: 2367410918 },
        { do: 'work', device: 1, after: 237, seed: 2551964727 },
        { do: 'work', device: 1, after: 17090, seed: 555972519 },
        { do: 'work', device: 0, after: 5479412, seed: 472084424 },
        { do: 'sync', device: 0, fates: [], badUploads: 0, after: 1478, seed: 522270186 },
        { do: 'work', device: 1, after: 16102, seed: 218154473 },
      ],
    },
  },
  {
    found: 'a hub that refused an exchange of a device without room broke it: what was to be noted of it found none',
    plan: {
      seed: 980304,
      mode: 'safety',
      devices: 5,
      steps: [
        { do: 'full', device: 2, atWrite: 1, after: 1569, seed: 1345626094 },
        {
          do: 'sync',
          device: 2,
          fates: ['corrupt-request', null, null, null, null, 'corrupt-request'],
          badUploads: 1,
          after: 1000,
          seed: 422705646,
        },
        { do: 'work', device: 3, after: 13118855, seed: 1177849904 },
      ],
    },
  },
]
