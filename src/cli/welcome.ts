// What `holdfast serve` prints when the hub is up: where it is, who can sign in, a code to enrol with, how to stop. A
// code lives for ten minutes, so it says how to get another.
import type { ServedHub } from '../hub/serve.ts'
import type { DemoSignIns } from './demo-company.ts'
import { firstAccount } from './first-account.ts'

export interface Welcome {
  readonly isTls: boolean
  readonly host: string
  /** The demo company's people, when this hub has it. */
  readonly signIns: DemoSignIns | null
}

const CODES_SHOWN = 3

const isOpenToNetwork = (host: string): boolean => !['127.0.0.1', 'localhost', '::1'].includes(host)

/** The text; makes the first account when the hub has none. */
export async function welcome(served: ServedHub, { isTls, host, signIns }: Welcome): Promise<string> {
  const first = signIns === null ? await firstAccount(served.hub) : null
  const codes: string[] = []
  while (codes.length < CODES_SHOWN) codes.push(await served.newCode(null))
  const lines = [
    '',
    `  Holdfast is at  ${served.url}`,
    '',
    ...(signIns === null ? [] : peopleOf(signIns)),
    ...(first === null
      ? []
      : [`  Sign in as      ${first.signIn}`, `  Password        ${first.password}   (shown once: write it down)`, '']),
    `  Enrolment codes ${codes.join('  ')}   (a device each, ten minutes; more: npx holdfast code)`,
    `  A headless one  holdfast device enrol --hub ${served.url} --code ${codes[0] ?? 'CODE'} --sign-in NAME`,
    '',
    ...(isTls
      ? []
      : [
          '  Other devices need HTTPS: a browser keeps its encrypted database only in a secure context, and only localhost is one',
          `  without a certificate. Give one with --tls-cert and --tls-key${isOpenToNetwork(host) ? '' : ', open the port with --host 0.0.0.0'}, or put a proxy with HTTPS in front.`,
          '',
        ]),
    '  Stop it with Ctrl-C: work that devices saved is safe, and is sent when the hub is back.',
    '',
  ]
  return lines.join('\n')
}

function peopleOf({ people, password }: DemoSignIns): string[] {
  const width = Math.max(...people.map(({ signIn }) => signIn.length))
  return [
    '  The demo company: Brightwater Supply Ltd. Sign in as',
    ...people.map(({ signIn, name, role }) => `    ${signIn.padEnd(width)}  ${name}, ${role}`),
    `  Password        ${password}   (for all of them)`,
    '',
  ]
}
