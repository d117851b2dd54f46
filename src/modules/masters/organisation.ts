// The company, its branches, warehouses and tills: where work happens and by which settings. Every device of the
// company holds these rows whole, so nothing here may be personal or secret.
import * as z from 'zod/mini'
import { code, flag, integer, json, name, ref, set, text } from '../../kernel/field.ts'
import { table } from '../../kernel/table.ts'

const companyWide = () => ['company'] as const

/** A postal address as people write it, and its place on the map when known (degrees × 10⁶). */
export interface Address {
  readonly label?: string
  readonly lines: readonly string[]
  readonly town?: string
  readonly postcode?: string
  readonly country?: string
  readonly latitude6?: number
  readonly longitude6?: number
}
const line = z.string().check(z.maxLength(200))
export const addressSchema = z.strictObject({
  label: z.optional(line),
  lines: z.array(line),
  town: z.optional(line),
  postcode: z.optional(line),
  country: z.optional(line),
  latitude6: z.optional(z.int()),
  longitude6: z.optional(z.int()),
})

export const taxRoundings = ['line', 'document'] as const
export const stockPolicies = ['warn', 'block', 'allow'] as const

/** How the company's devices behave; what is left out is as the app has it. Each goes into the lease by its name. */
const deviceSettingsSchema = z.strictObject({
  syncEverySeconds: z.optional(z.int().check(z.minimum(5), z.maximum(86_400))),
  syncOnSave: z.optional(z.boolean()),
  syncOnHint: z.optional(z.boolean()),
  syncWifiOnly: z.optional(z.boolean()),
  /** Minutes of the day at the branch. */
  quietFromMinute: z.optional(z.int().check(z.minimum(0), z.maximum(1_439))),
  quietToMinute: z.optional(z.int().check(z.minimum(0), z.maximum(1_439))),
  /** Photos and files wait for a connection that isn't paid by the byte; the work doesn't. */
  photosWifiOnly: z.optional(z.boolean()),
  /** The longer side of a photo that is kept. */
  photoPixelsMax: z.optional(z.int().check(z.minimum(320), z.maximum(8_000))),
  /** What is beyond a device's own share of something scarce. */
  sharePolicy: z.optional(z.enum(stockPolicies)),
})
export type DeviceSettings = {
  -readonly [K in keyof z.output<typeof deviceSettingsSchema>]?: NonNullable<z.output<typeof deviceSettingsSchema>[K]>
}
export const deviceSettings = () => json<DeviceSettings>(deviceSettingsSchema)

export const company = table('masters.company', {
  key: ['code'],
  fields: {
    code: code(),
    name: name(),
    currency: code(),
    /** Decimals of the currency: 2 for GBP, 0 for JPY. */
    minorDigits: integer(),
    taxRounding: code(taxRoundings).default('line'),
    stockPolicy: code(stockPolicies).default('warn'),
    country: code(),
    tz: text(64),
    taxId: text(32).optional().sensitive(),
    deviceSettings: deviceSettings().default({}),
    address: json<Address>(addressSchema).optional(),
  },
  buckets: companyWide,
  whole: ['company'],
})

export const branch = table('masters.branch', {
  key: ['company', 'code'],
  fields: {
    company: ref('masters.company'),
    code: code(),
    name: name(),
    tz: text(64),
    /** The territory whose parties every device of the branch holds. */
    territory: code(),
    address: json<Address>(addressSchema).optional(),
    isDisabled: flag().default(false),
    /** Whose law its data is under (`EU`, `UK`); none: no bound. See residency.ts. */
    region: code().optional().since(2),
  },
  indexes: { byCompany: ['company', 'code'] },
  buckets: companyWide,
  whole: ['company'],
})

export const warehouse = table('masters.warehouse', {
  key: ['branch', 'code'],
  fields: {
    branch: ref('masters.branch'),
    code: code(),
    name: name(),
    /** A van or trailer: its stock travels with its driver. */
    isVehicle: flag().default(false),
    isDisabled: flag().default(false),
  },
  indexes: { byBranch: ['branch', 'code'] },
  buckets: companyWide,
  whole: ['company'],
})

export const tenderKinds = ['cash', 'card', 'voucher', 'account', 'other'] as const

/** A way to pay at a till. Only cash gives change; only `account` leaves something owed. */
export interface TillMethod {
  readonly code: string
  readonly kind: (typeof tenderKinds)[number]
  /** Card without a network: most that is taken on trust; absent: nothing. */
  readonly floorLimitMinor?: number
}
const tillMethodSchema = z.strictObject({
  code: z.string().check(z.minLength(1), z.maxLength(32)),
  kind: z.enum(tenderKinds),
  floorLimitMinor: z.optional(z.int()),
})

export const tillMethods = () => json<readonly TillMethod[]>(z.array(tillMethodSchema))

export const till = table('masters.till', {
  key: ['branch', 'code'],
  fields: {
    branch: ref('masters.branch'),
    code: code(),
    name: name(),
    warehouse: ref('masters.warehouse'),
    priceList: ref('masters.priceList').optional(),
    methods: tillMethods(),
    /** The smallest coin in use (5 for 0.05); 0 for none. */
    cashRoundingMinor: integer().default(0),
    isOnAccountAllowed: flag().default(false),
    /** A larger difference at the close needs a supervisor. */
    cashDifferenceLimitMinor: integer().default(500),
    /** Item groups the till sells; empty for all. */
    groups: set().default([]),
    isDisabled: flag().default(false),
  },
  indexes: { byBranch: ['branch', 'code'] },
  buckets: companyWide,
  whole: ['company'],
})
