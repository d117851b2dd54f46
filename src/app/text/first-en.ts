// The words of the start, the shell and the design system: what is said before the first screen is there. The words of the screens come with the
// first of them (translate.ts), so that a locked device shows itself sooner.
import { screensEn } from './screens-en.ts'
import { shellEn } from './shell-en.ts'
import { startEn } from './start-en.ts'

export const firstEn = { ...shellEn, ...startEn, ...screensEn } as const
