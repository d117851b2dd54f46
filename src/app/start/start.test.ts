// The way in: codes as people type them, hints at a passphrase's strength, and a sentence for each thing that can go wrong.
import { expect, test } from 'vitest'
import { HubError, OfflineError } from '../../sync/device/transport.ts'
import { VaultDamagedError } from '../../store/vault/vault.ts'
import { setLanguage } from '../text/translate.ts'
import { entryProblem } from '../worker/entry-problem.ts'
import { codeText, isCode } from './enrolment-code.ts'
import { strengthOf } from './passphrase-strength.ts'
import { problemText } from './problem-text.ts'

test('a code in any spelling is one code', () => {
  for (const typed of ['k7q2a-9mxpt', ' K7Q2A 9MXPT', 'K7Q2A9MXPT', 'k7q2a – 9mxpt'])
    expect(codeText(typed)).toBe('K7Q2A9MXPT')
  expect(isCode('k7q2a-9mxpt')).toBe(true)
  expect(isCode('k7q2a-9mxp')).toBe(false)
  expect(isCode('k7q2a-9mxpä')).toBe(false)
})

test.each([
  ['', 'weak'],
  ['short', 'weak'],
  ['password12345', 'weak'],
  ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['1234567890', 'weak'],
  ['harbour tundra violin', 'fair'],
  ['harbour tundra violin marble', 'good'],
  ['harbour tundra violin marble ottoman', 'strong'],
] as const)('%j is %s', (passphrase, strength) => {
  expect(strengthOf(passphrase)).toBe(strength)
})

test.each([
  [new OfflineError('fetch failed'), 'unreachable'],
  [new HubError(404, 'enrol.unknown-code'), 'wrong-code'],
  [new HubError(410, 'enrol.code-expired'), 'expired-code'],
  [new HubError(409, 'enrol.code-used'), 'wrong-code'],
  [new HubError(403, 'enrol.wrong-sign-in'), 'wrong-password'],
  [new HubError(429, 'hub.busy'), 'too-many-tries'],
  [new VaultDamagedError('it is not JSON'), 'damaged'],
  [Object.assign(new Error('full'), { kind: 'disk-full' }), 'storage-full'],
  [Object.assign(new Error('two tabs'), { name: 'DatabaseInUseError' }), 'in-use'],
  [new Error('anything'), 'other'],
  [null, 'other'],
] as const)('%s is told as %s', (error, problem) => {
  setLanguage('en')
  const answer = entryProblem(error)
  expect(answer).toMatchObject({ ok: false, problem })
  expect(problemText(problem, 'the reason')).not.toBe('')
})
