// Rows of a company, its branches and people as a lease is made of them, for tests of nothing but that. Whatever a test is about it says itself.
import type { branch, company } from '../modules/masters/organisation.ts'
import type { role, user } from '../modules/masters/people.ts'
import type { Row } from '../kernel/table.ts'

const asStored = (id: string) => ({ id, goneAt: null })

export const aCompany = (more: Partial<Row<typeof company>> = {}): Row<typeof company> => ({
  ...asStored('bw'),
  code: 'BW',
  name: 'Brightwater',
  currency: 'GBP',
  minorDigits: 2,
  taxRounding: 'line',
  stockPolicy: 'warn',
  country: 'GB',
  tz: 'UTC',
  taxId: null,
  deviceSettings: {},
  address: null,
  ...more,
})

/** Its id is its code, and so is its territory. */
export const aBranch = (code: string, more: Partial<Row<typeof branch>> = {}): Row<typeof branch> => ({
  ...asStored(code),
  company: 'bw',
  code,
  name: code,
  tz: 'UTC',
  territory: code,
  address: null,
  isDisabled: false,
  region: null,
  ...more,
})

export const aUser = (id: string, more: Partial<Row<typeof user>> = {}): Row<typeof user> => ({
  ...asStored(id),
  signInName: id,
  name: id,
  roles: [],
  branch: 'leeds',
  territories: [],
  warehouse: null,
  language: null,
  isDisabled: false,
  ...more,
})

export const aRole = (code: string, more: Partial<Row<typeof role>> = {}): Row<typeof role> => ({
  ...asStored(code),
  code,
  name: code,
  permissions: [],
  limits: {},
  home: '',
  buckets: null,
  ...more,
})
