// The simulated company: two branches, one role, a person for each device; of four companies two begin in two regions. An office that never
// loses its network sets it up and changes people's places and rights and the bounds of regions, by commands like everybody else's.
import { keyId } from '../../kernel/hash.ts'

export const COMPANY_CODE = 'SIM'
const BRANCH_CODES = ['LDS', 'YRK']
export const OFFICE = 'office'

export interface Company {
  readonly id: string
  readonly branches: readonly string[]
  /** Of each branch; null: bound by nothing. */
  readonly regions: (string | null)[]
  /** Between which regions rows may go, `EU>UK`. */
  readonly transfers: Set<string>
}

export const companyOf = (tenant: string): Company => {
  const id = keyId(tenant, 'masters.company', [COMPANY_CODE])
  return {
    id,
    branches: BRANCH_CODES.map((code) => keyId(tenant, 'masters.branch', [id, code])),
    regions: /x[23]$/.test(tenant) ? ['UK', 'EU'] : [null, null],
    transfers: new Set(tenant.endsWith('x3') ? ['EU>UK'] : []),
  }
}

export const saveBranch = ({ id, regions }: Company, at: number): Asked => {
  const code = BRANCH_CODES[at] ?? ''
  const place = { code, name: code, tz: 'Europe/London', territory: code.toLowerCase() }
  return ['masters.saveBranch', { company: id, ...place, region: regions[at] ?? null }]
}

export const saveTransfer = (between: string, until: string | null): Asked => {
  const [origin = '', destination = ''] = between.split('>')
  const why = { basis: 'SCC', categories: ['work'], protection: 'encrypted', from: '2020-01-01' }
  return ['masters.saveTransfer', { origin, destination, ...why, until }]
}

/** What no row but one of that branch's territory says. One word, as a search index keeps words. */
export const canaryOf = ({ branches }: Company, branch: string): string =>
  `canary${BRANCH_CODES[branches.indexOf(branch)]?.toLowerCase()}`

/** The branches whose rows may not come to where somebody works, in the model's own words. */
export function outOfBounds({ branches, regions, transfers }: Company, workplace: string): readonly string[] {
  const here = regions[branches.indexOf(workplace)] ?? null
  return branches.filter((_, at) => {
    const there = regions[at] ?? null
    return here !== null && there !== null && here !== there && !transfers.has(`${there}>${here}`)
  })
}

export const userId = (tenant: string, signIn: string): string => keyId(tenant, 'masters.user', [signIn])

export type RoleCode = 'field' | 'everywhere'
export type Asked = readonly [command: string, args: Readonly<Record<string, unknown>>]

const work = ['sim.*', 'inventory.*', 'review.settle', 'override.*']
const roles: Readonly<Record<RoleCode, readonly string[]>> = {
  field: work,
  everywhere: [...work, 'masters.allBranches', 'review.force'],
}

/** Of their branches: what their permissions would bring, and the tills. */
const carried = ['stock', 'links', 'entries', 'till'].map((kind) => ({ kind }))

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
    ...BRANCH_CODES.map((_, at) => saveBranch(company, at)),
    ...[...company.transfers].map((between) => saveTransfer(between, null)),
    ...company.branches.map((branch, at): Asked => [
      'masters.createParty',
      { name: canaryOf(company, branch), roles: ['customer'], territory: BRANCH_CODES[at]?.toLowerCase() },
    ]),
    ...Object.entries(roles).map(([code, permissions]): Asked => [
      'masters.setRole',
      { code, name: code, permissions, home: 'home', buckets: carried },
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
  const refused = outOfBounds(company, person.branch)
  const branches =
    person.role === 'everywhere' ? company.branches.filter((id) => !refused.includes(id)) : [person.branch]
  const names = ['company', 'catalogue', `device:${dev}`, `user:${userId(tenant, person.signIn)}`, 'parties:suppliers']
  if (person.role === 'everywhere' && refused.length === 0) names.push('parties')
  const today = new Date(now)
  for (const branch of branches) {
    names.push(`stock:${branch}`, `links:${branch}`, `review:${branch}`)
    names.push(`parties:${BRANCH_CODES[company.branches.indexOf(branch)]?.toLowerCase()}`)
    for (let month = -MONTHS_BACK; month <= 1; month++) {
      const at = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + month, 1))
      for (const kind of ['entries', 'till']) names.push(`${kind}:${branch}:${at.toISOString().slice(0, 7)}`)
    }
  }
  return new Set(names)
}
