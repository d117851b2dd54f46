// The simulated company: two branches, one role, a person for each device. An office that never loses its network sets
// it up and changes people's places and rights, by commands like everybody else's.
import { keyId } from '../../kernel/hash.ts'

export const COMPANY_CODE = 'SIM'
const BRANCH_CODES = ['LDS', 'YRK']
export const OFFICE = 'office'

export interface Company {
  readonly id: string
  readonly branches: readonly string[]
}

export const companyOf = (tenant: string): Company => {
  const id = keyId(tenant, 'masters.company', [COMPANY_CODE])
  return { id, branches: BRANCH_CODES.map((code) => keyId(tenant, 'masters.branch', [id, code])) }
}

export const userId = (tenant: string, signIn: string): string => keyId(tenant, 'masters.user', [signIn])

export type RoleCode = 'field' | 'everywhere'
export type Asked = readonly [command: string, args: Readonly<Record<string, unknown>>]

const work = ['sim.*', 'inventory.*', 'review.settle', 'override.*']
const roles: Readonly<Record<RoleCode, readonly string[]>> = {
  field: work,
  everywhere: [...work, 'masters.allBranches', 'review.force'],
}

export function founding(company: Company): Asked[] {
  return [
    [
      'masters.saveCompany',
      {
        code: COMPANY_CODE,
        name: 'Simulated',
        currency: 'GBP',
        minorDigits: 2,
        country: 'GB',
        tz: 'Europe/London',
        stockPolicy: 'allow',
      },
    ],
    ...BRANCH_CODES.map((code): Asked => [
      'masters.saveBranch',
      { company: company.id, code, name: code, tz: 'Europe/London', territory: code.toLowerCase() },
    ]),
    ...Object.entries(roles).map(([code, permissions]): Asked => [
      'masters.setRole',
      { code, name: code, permissions, home: 'home' },
    ]),
  ]
}

export interface Person {
  readonly signIn: string
  branch: string
  role: RoleCode
  isDisabled: boolean
}

export const settingUser = ({ signIn, branch, role, isDisabled }: Person): Asked => [
  'masters.setUser',
  { signInName: signIn, name: signIn, roles: [role], branch, isDisabled },
]

const MONTHS_BACK = 2

/** The buckets that a person may get at a moment, in the model's own words; rights are compared with this list. */
export function mayHold(
  company: Company,
  person: Person,
  { tenant, dev, now }: { readonly tenant: string; readonly dev: string; readonly now: number },
): ReadonlySet<string> {
  const branches = person.role === 'everywhere' ? company.branches : [person.branch]
  const names = ['company', 'catalogue', `device:${dev}`, `user:${userId(tenant, person.signIn)}`, 'parties:suppliers']
  if (person.role === 'everywhere') names.push('parties')
  const today = new Date(now)
  for (const branch of branches) {
    names.push(`stock:${branch}`, `links:${branch}`, `review:${branch}`)
    names.push(`parties:${BRANCH_CODES[company.branches.indexOf(branch)]?.toLowerCase()}`)
    for (let month = -MONTHS_BACK; month <= 1; month++) {
      const at = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + month, 1))
      names.push(`entries:${branch}:${at.toISOString().slice(0, 7)}`)
    }
  }
  return new Set(names)
}
